// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.Set;

/** The log of a stage's latest attempt, as far as it has come; the script adds what follows. */
final class LogPart {
    private static final Set<StageView.Kind> WITH_LOG =
            Set.of(StageView.Kind.BUILD, StageView.Kind.TEST, StageView.Kind.FUNCTION);

    private LogPart() {}

    /** Whether a stage has a log. */
    static boolean exists(StageView stage) {
        return WITH_LOG.contains(stage.kind())
                && stage.progress().attempt() > 0
                && stage.progress().service().isPresent()
                && stage.progress().from().isEmpty();
    }

    /** Where a log is read on. */
    static Address address(AttemptId attempt) {
        return Address.ours("runs", attempt.run().value(), "stages", attempt.stage(), "log")
                .with("attempt", Integer.toString(attempt.number()));
    }

    static Html of(Desk desk, RunView run, StageView stage) {
        AttemptId attempt =
                new AttemptId(run.id(), stage.name(), stage.progress().attempt());
        return of(desk, attempt, stage.progress().service().orElseThrow(), 0);
    }

    /** The log of an attempt, from a position. */
    static Html of(Desk desk, AttemptId attempt, String service, long from) {
        LogText log = LogText.read(desk, attempt, service, from);
        Html.Element lines = Tag.PRE
                .cls("log")
                .of(Ansi.of(log.text()))
                .with(Attr.ID, "log-lines")
                .with(Attr.TABINDEX, "0")
                .with(Attr.ROLE, "log")
                .with(Attr.ARIA_LIVE, "off")
                .with(Attr.ARIA_LABEL, "Log of " + attempt.stage())
                .with(Attr.DATA_FROM, Long.toString(log.next()));
        Html.Element whole = log.ended() ? lines : lines.live(address(attempt));
        Html more = !log.ended() && log.next() - from >= LogText.MOST
                ? Tag.P
                        .cls("more")
                        .of(Bits.link(
                                Bits.stage(attempt.run(), attempt.stage())
                                        .with("attempt", Integer.toString(attempt.number()))
                                        .with("from", Long.toString(log.next())),
                                "The log goes on"))
                : Html.nothing();
        Html section = Bits.section(
                "log",
                "Log",
                Tag.P.of(
                        Bits.link(Bits.stage(attempt.run(), attempt.stage()), attempt.stage()),
                        Html.text(", attempt " + attempt.number()),
                        from > 0 ? Html.text(", from byte " + from) : Html.nothing()),
                log.text().isEmpty() && log.ended() ? Bits.empty("It printed nothing.") : whole,
                more);
        return Bits.part("log", attempt.stage() + "-" + attempt.number() + (log.ended() ? "-ended" : ""), section);
    }
}
