// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.Locale;

/** What triggers are called in front of people. */
final class TriggerWords {
    private TriggerWords() {}

    static String of(Trigger trigger) {
        String where = trigger.repositories().isEmpty() ? "" : " of " + String.join(" or ", trigger.repositories());
        return what(trigger) + where;
    }

    private static String what(Trigger trigger) {
        if (trigger instanceof Trigger.Push push) {
            return "a push to " + either("branch", push.branches()) + changing(push.paths());
        } else if (trigger instanceof Trigger.Tag tag) {
            return tag.tags().isEmpty() ? "any tag" : "tag " + either("tag", tag.tags());
        } else if (trigger instanceof Trigger.ChangeRequest change) {
            return "a change request into " + either("branch", change.targets()) + changing(change.paths());
        } else if (trigger instanceof Trigger.Comment comment) {
            return "the comment " + comment.command() + " on a change request";
        } else if (trigger instanceof Trigger.Cron cron) {
            return "the time " + cron.schedule().expression() + " "
                    + cron.schedule().zone() + ", for branch " + cron.branch();
        } else if (trigger instanceof Trigger.RunOf run) {
            String how = String.join(
                    " or ",
                    run.endings().stream()
                            .map(ending ->
                                    ending.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                            .toList());
            return "a run of pipeline " + run.pipeline() + " that " + how;
        } else if (trigger instanceof Trigger.Published published) {
            return "artifact " + published.artifact() + " of pipeline " + published.pipeline();
        }
        throw new IllegalStateException("no words for " + trigger);
    }

    private static String changing(List<String> paths) {
        return paths.isEmpty() ? "" : " that changes " + String.join(" or ", paths);
    }

    private static String either(String kind, List<String> names) {
        return names.isEmpty() ? "any " + kind : String.join(" or ", names);
    }
}
