// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Parameter;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Retry;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan as lines that a person reads; equal plans give equal lines. */
final class PlanTable {
    private PlanTable() {}

    static List<String> lines(Plan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("pipeline     " + plan.pipeline());
        lines.add("fingerprint  " + plan.fingerprint().hex()
                + (lacksCode(plan) ? ", before the digest of its functions' code" : ""));
        lines.add("starts on    " + triggers(plan.triggers()));
        if (!plan.parameters().isEmpty()) {
            List<List<String>> parameters = new ArrayList<>();
            parameters.add(List.of("parameter", "default", "may be"));
            plan.parameters().forEach(one -> parameters.add(row(one)));
            lines.add("");
            lines.addAll(table(parameters));
        }
        lines.add("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("stage", "kind", "waits for", "limits", "does"));
        plan.stages().forEach(stage -> rows.add(row(stage)));
        lines.addAll(table(rows));
        if (!plan.returns().isEmpty()) {
            List<List<String>> returns = new ArrayList<>();
            returns.add(List.of("returns", "which is"));
            plan.returns().forEach((name, what) -> returns.add(List.of(name, returned(what))));
            lines.add("");
            lines.addAll(table(returns));
        }
        return lines;
    }

    private static List<String> row(Parameter parameter) {
        return List.of(
                parameter.name(),
                parameter.fallback().map(one -> one.isEmpty() ? "nothing" : one).orElse("-"),
                parameter.allowed());
    }

    private static String returned(Input what) {
        if (what instanceof Input.Handed handed) {
            return "value " + handed.name() + " of " + handed.stage();
        }
        Artifact artifact = (Artifact) what;
        return "artifact " + artifact.name() + " of " + artifact.stage();
    }

    /** A cloud that loads functions by digest adds it when the pipeline is registered there. */
    private static boolean lacksCode(Plan plan) {
        return plan.code().isEmpty()
                && plan.stages().stream()
                        .anyMatch(stage -> stage instanceof Stage.Function
                                || (stage instanceof Stage.FanOut whole && whole.template() instanceof Stage.Function));
    }

    /** Rows in columns; the last column is as wide as it wants. */
    static List<String> table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int at = 0; at < columns - 1; at++) {
                widths[at] = Math.max(widths[at], Text.width(row.get(at)) + 2);
            }
        }
        return rows.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int at = 0; at < columns; at++) {
                        line.append(Text.padded(row.get(at), widths[at]));
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }

    private static List<String> row(Stage stage) {
        String kind = kind(stage);
        return List.of(stage.name(), kind, needs(stage), limits(stage), what(stage));
    }

    static String kind(Stage stage) {
        return stage instanceof Stage.FanOut whole
                ? kind(whole.template()) + " each"
                : stage.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String needs(Stage stage) {
        String names = stage.before().isEmpty() ? "-" : String.join(", ", stage.before());
        return switch (stage.needs().when()) {
            case SUCCESS -> names;
            case ALWAYS -> names + ", however they end";
            case FAILURE -> names + ", if one fails";
        };
    }

    private static String limits(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return limits(build.limits());
        } else if (stage instanceof Stage.Test test) {
            return limits(test.limits());
        } else if (stage instanceof Stage.Function function) {
            return limits(function.limits());
        } else if (stage instanceof Stage.Child child) {
            return limits(child.limits());
        } else if (stage instanceof Stage.FanOut whole) {
            return limits(whole.template());
        } else if (stage instanceof Stage.Approval approval) {
            return whole(Text.duration(approval.expiresAfter()));
        } else if (stage instanceof Stage.Deploy deploy) {
            return whole(Text.duration(deploy.limits().within())) + " a step";
        }
        return "-";
    }

    private static String limits(Limits limits) {
        Retry retry = limits.retry();
        if (retry.times() == 0) {
            return whole(Text.duration(limits.within()));
        }
        List<String> reasons = retry.after().stream()
                .map(on -> on.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .toList();
        return whole(Text.duration(limits.within())) + ", " + retry.times() + "x again after "
                + String.join(", ", reasons);
    }

    /** A limit of whole seconds needs no tenths. */
    private static String whole(String duration) {
        return duration.replaceFirst("\\.0 s$", " s");
    }

    private static String what(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return work(build.commands());
        } else if (stage instanceof Stage.Test test) {
            return work(test.commands());
        } else if (stage instanceof Stage.Function function) {
            return function.code().className();
        } else if (stage instanceof Stage.Child child) {
            return "runs pipeline " + child.called().pipeline();
        } else if (stage instanceof Stage.Approval approval) {
            return "asks " + Words.approvers(approval.approvers());
        } else if (stage instanceof Stage.Deploy deploy) {
            Stage.Delivery delivery = deploy.delivery();
            String artifacts = delivery.artifacts().stream()
                    .map(artifact -> artifact.stage() + "/" + artifact.name())
                    .collect(Collectors.joining(" + "));
            return artifacts + " to " + delivery.environment().name() + ", " + rollout(delivery.rollout());
        } else if (stage instanceof Stage.FanOut whole) {
            return "for each of at most " + whole.atMost() + " " + whole.items().name() + ": " + what(whole.template());
        }
        return group((Stage.Group) stage);
    }

    private static String group(Stage.Group group) {
        String rest = group.policy().stopsTheRest() ? ", then the rest is stopped" : "";
        return group.policy().atLeast().map(number -> "at least " + number).orElse("all") + " of "
                + group.members().size() + " must succeed" + rest;
    }

    private static String work(Stage.Commands commands) {
        String first =
                Text.cut(Text.clean(commands.runs().get(0).lines().findFirst().orElse("")), 60);
        String more = commands.runs().size() > 1 ? " and " + (commands.runs().size() - 1) + " more" : "";
        return commands.image() + ": " + first + more;
    }

    private static String rollout(Rollout rollout) {
        String how = "all at once";
        if (rollout instanceof Rollout.Canary canary) {
            String then = canary.then().stream()
                    .map(share -> ", then " + share.percent() + " %")
                    .collect(Collectors.joining());
            how = canary.percent() + " %" + then + " for " + whole(Text.duration(canary.hold()))
                    + (then.isEmpty() ? " first" : " each first");
        } else if (rollout instanceof Rollout.BlueGreen blueGreen) {
            how = "all at once, the former kept for " + whole(Text.duration(blueGreen.keeping()));
        }
        return how
                + rollout.alarm()
                        .map(alarm -> ", unless alarm " + Text.clean(alarm) + " rings")
                        .orElse("");
    }

    private static String triggers(List<Trigger> triggers) {
        if (triggers.isEmpty()) {
            return "a person's word alone";
        }
        return String.join(
                "; ", triggers.stream().map(Trigger::words).map(Text::clean).toList());
    }
}
