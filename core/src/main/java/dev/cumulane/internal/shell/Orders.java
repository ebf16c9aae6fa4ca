// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.internal.order.BuildOrder;
import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderInput;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.ticket.Ticket;
import dev.cumulane.internal.ticket.TicketOffice;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes work orders from a run's plan and state, and keeps them in the artifact store. */
final class Orders {
    /** What a stage may take longer than its limit until it has been stopped. */
    private static final Duration LEEWAY = Duration.ofMinutes(15);

    private final ArtifactStore store;
    private final Coding coding;
    private final Values values;
    private final Optional<TicketOffice> office;

    Orders(Cloud cloud, Values values, Coding coding) {
        this.store = cloud.artifacts();
        this.coding = coding;
        this.values = values;
        this.office = TicketOffice.of(cloud);
    }

    /** The order of a stage's attempt. Equal states give equal orders. */
    WorkOrder order(RunProgress run, String stage, int attempt) {
        Stage what = run.plan().stage(run.plan().graph().number(stage));
        AttemptId id = new AttemptId(run.run(), stage, attempt);
        if (what instanceof Stage.Build build) {
            return build(run, id, build.needs(), build.commands(), build.limits());
        }
        if (what instanceof Stage.Test test) {
            return build(run, id, test.needs(), test.commands(), test.limits());
        }
        return function(run, id, (Stage.Function) what);
    }

    private WorkOrder build(RunProgress run, AttemptId id, Stage.Needs needs, Stage.Commands commands, Limits limits) {
        Commit commit = run.source().commit();
        boolean checksOut = needs.reads().contains(new Input.Source());
        BuildOrder order = new BuildOrder(
                id,
                checksOut ? BuildOrder.Source.checkedOut(commit) : BuildOrder.Source.named(commit),
                inputs(run, needs),
                new BuildOrder.Work(
                        commands.runs(),
                        commands.writes().stream()
                                .map(file -> new BuildOrder.Output(file.name(), file.path()))
                                .toList(),
                        commands.reports(),
                        List.copyOf(commands.outputs().keySet()),
                        caches(run, commands),
                        List.copyOf(secrets(commands.env()).keySet())),
                variables(run, commands.env()));
        Instant until = over(run, id, limits);
        Digest digest = store.put(
                office.isEmpty()
                        ? coding.bytes(order)
                        : order.script(office.get().issue(ticket(order, until))).getBytes(StandardCharsets.UTF_8));
        return new WorkOrder(
                id,
                digest,
                new WorkOrder.Container(commands.image(), commands.services()),
                limits.within(),
                secrets(commands.env()),
                run.source().trust(),
                office.map(issuer -> issuer.pass(digest, until)));
    }

    /** When an attempt that begins as late as it may must have ended. It follows from the state, so that equal states give equal orders. */
    private static Instant over(RunProgress run, AttemptId id, Limits limits) {
        Instant latest = run.slot(id.stage()).flatMap(StageSlot::deadline).orElseThrow();
        return latest.plus(limits.within()).plus(LEEWAY);
    }

    /** What the worker of an order needs of the store. */
    private static Ticket ticket(BuildOrder order, Instant until) {
        SortedSet<Digest> inputs = new TreeSet<>();
        order.inputs().forEach(input -> inputs.add(input.digest()));
        order.variables().fetched().values().forEach(value -> inputs.add(value.digest()));
        List<String> kept = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (BuildOrder.Cached cached : order.work().caches()) {
            kept.add(cached.keys().get(0));
            found.addAll(cached.keys().subList(1, cached.keys().size()));
        }
        return new Ticket(order.attempt(), until, inputs, new Ticket.Caches(kept, found));
    }

    private WorkOrder function(RunProgress run, AttemptId id, Stage.Function function) {
        FunctionOrder order = new FunctionOrder(
                id,
                function.code().className(),
                run.source().commit().id(),
                inputs(run, function.needs()),
                function.code().writes().stream().map(Artifact.File::name).toList(),
                function.code().outputs(),
                variables(run, function.code().env()),
                Math.toIntExact(Math.max(1, function.limits().within().toSeconds())));
        Digest digest = store.put(order.bytes());
        return new WorkOrder(
                id,
                digest,
                new WorkOrder.Function(
                        function.code().className(), run.plan().plan().code()),
                function.limits().within(),
                secrets(function.code().env()),
                run.source().trust());
    }

    /** Trusted runs share their caches; those of other branches have their own and see the trusted ones; forks have none. */
    private static List<BuildOrder.Cached> caches(RunProgress run, Stage.Commands commands) {
        String pipeline = run.plan().plan().pipeline();
        List<String> scopes = switch (run.source().trust()) {
            case TRUSTED -> List.of("trusted");
            case INTERNAL -> List.of("internal", "trusted");
            case UNTRUSTED -> List.of();
        };
        return scopes.isEmpty()
                ? List.of()
                : commands.caches().stream()
                        .map(cache -> new BuildOrder.Cached(
                                cache,
                                scopes.stream()
                                        .map(scope -> OrderKeys.cache(pipeline, scope, cache.name()))
                                        .toList(),
                                commands.image()))
                        .toList();
    }

    private static List<OrderInput> inputs(RunProgress run, Stage.Needs needs) {
        List<OrderInput> inputs = new ArrayList<>();
        for (Input input : needs.reads()) {
            if (input instanceof Artifact.File file) {
                input(run, file, "").ifPresent(inputs::add);
            } else if (input instanceof Input.Collected collected) {
                inputs.addAll(collected(run, collected));
            }
        }
        return inputs;
    }

    /** An artifact as it was written; empty if it was not, for a stage that always runs. */
    private static Optional<OrderInput> input(RunProgress run, Artifact.File artifact, String into) {
        List<Produced> produced = run.slot(artifact.stage())
                .flatMap(StageSlot::verdict)
                .map(Verdict::artifacts)
                .orElse(List.of());
        return produced.stream()
                .filter(one -> one.name().equals(artifact.name()))
                .findFirst()
                .map(one -> new OrderInput(
                        artifact.stage(), artifact.name(), artifact.path(), into, one.digest(), one.size()));
    }

    /** What the members of a group wrote that had succeeded when the group ended; a later attempt must not read more than an earlier one. */
    private static List<OrderInput> collected(RunProgress run, Input.Collected collected) {
        List<OrderInput> inputs = new ArrayList<>();
        for (String member : run.plan().members(collected.group())) {
            if (run.gathered(collected.group(), member).isPresent()) {
                file(run, member, collected.name())
                        .flatMap(file -> input(run, file, collected.group() + "/" + member))
                        .ifPresent(inputs::add);
            }
        }
        return inputs;
    }

    private static Optional<Artifact.File> file(RunProgress run, String stage, String name) {
        List<Artifact.File> files = run.stage(run.number(stage)).writes();
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    private OrderVariables variables(RunProgress run, SortedMap<String, Value> env) {
        SortedMap<String, String> variables = new TreeMap<>();
        SortedMap<String, OrderVariables.Stored> fetched = new TreeMap<>();
        for (Map.Entry<String, Value> entry : env.entrySet()) {
            if (entry.getValue() instanceof Value.Constant constant) {
                variables.put(entry.getKey(), constant.text());
            } else if (entry.getValue() instanceof Value.Address address) {
                // A deployment that did not succeed has no address; the variable is there and empty for a stage that
                // always runs.
                variables.put(
                        entry.getKey(),
                        run.slot(address.stage())
                                .flatMap(StageSlot::verdict)
                                .flatMap(Verdict::address)
                                .orElse(""));
            } else if (entry.getValue() instanceof Value.Said said) {
                variables.put(
                        entry.getKey(),
                        run.head().started().orElseThrow().parameters().getOrDefault(said.parameter(), ""));
            } else if (entry.getValue() instanceof Value.Item item) {
                give(
                        entry.getKey(),
                        values.items(handed(run, item.stage(), item.name())).get(item.number() - 1),
                        variables,
                        fetched);
            } else if (entry.getValue() instanceof Value.Collected collected) {
                give(entry.getKey(), CollectedValues.json(run, collected, values), variables, fetched);
            } else if (entry.getValue() instanceof Value.Handed handed) {
                StageValue value = handed(run, handed.stage(), handed.name());
                if (value instanceof StageValue.Stored stored) {
                    fetched.put(entry.getKey(), new OrderVariables.Stored(stored.digest(), stored.size()));
                } else {
                    variables.put(entry.getKey(), ((StageValue.Inline) value).text());
                }
            }
        }
        return new OrderVariables(variables, fetched);
    }

    /** A small text stands in the order, a larger one is fetched. */
    private void give(
            String variable,
            String text,
            SortedMap<String, String> variables,
            SortedMap<String, OrderVariables.Stored> fetched) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > StageValue.Inline.LARGEST_INLINE) {
            fetched.put(variable, new OrderVariables.Stored(store.put(bytes), bytes.length));
        } else {
            variables.put(variable, text);
        }
    }

    /** As with addresses: what was not handed on is empty. */
    private static StageValue handed(RunProgress run, String stage, String name) {
        return run.slot(stage)
                .flatMap(StageSlot::verdict)
                .map(verdict -> verdict.values().get(name))
                .orElse(new StageValue.Inline(ValueKind.TEXT, ""));
    }

    /** Variable and reference of each secret among variables. */
    static SortedMap<String, String> secrets(SortedMap<String, Value> env) {
        SortedMap<String, String> secrets = new TreeMap<>();
        env.forEach((name, value) -> {
            if (value instanceof Value.Secret secret) {
                secrets.put(name, secret.reference());
            }
        });
        return secrets;
    }
}
