// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.internal.status.Descriptions;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Release;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.VoteRefusal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What pages say of times, sizes, people and commits. */
final class Words {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int BRIEF = 10;

    private Words() {}

    /** An instant, for people and for programs. */
    static Html moment(Instant at) {
        return Tag.TIME.of(MINUTE.format(at)).with(Attr.DATETIME, at.toString());
    }

    /** How long ago it was; the instant itself shows when one points at it. */
    static Html ago(Instant at, Instant now) {
        Duration age = Duration.between(at, now);
        String text = age.toMinutes() < 1 ? "just now" : rough(age) + " ago";
        return Tag.TIME.of(text).with(Attr.DATETIME, at.toString()).with(Attr.TITLE, MINUTE.format(at));
    }

    /** How long there is still time. */
    static Html left(Instant until, Instant now) {
        String text = until.isAfter(now) ? "in " + Descriptions.time(Duration.between(now, until)) : "now";
        return Html.of(moment(until), Html.text(", " + text));
    }

    /** How long it took; of what goes on, the script counts on. */
    static Html took(StageView.Times times, Instant now) {
        if (times.began().isEmpty()) {
            return Html.nothing();
        }
        Instant began = times.began().get();
        String text = exact(Duration.between(began, times.ended().orElse(now)));
        return times.ended().isPresent()
                ? Html.text(text)
                : Tag.SPAN.of(text).with(Attr.DATA_SINCE, Long.toString(began.toEpochMilli()));
    }

    private static String rough(Duration time) {
        if (time.toDays() >= 2) {
            return time.toDays() + " days";
        }
        if (time.toHours() >= 2) {
            return time.toHours() + " hours";
        }
        return count(Math.max(1, time.toMinutes()), "minute");
    }

    /** A length of time as {@code 4.2 s}, {@code 3 min 07 s} or {@code 2 h 05 min}. */
    static String exact(Duration time) {
        long millis = Math.max(0, time.toMillis());
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
    }

    /** A length of time as a plan says it. */
    static String round(Duration time) {
        if (time.toSeconds() % 60 != 0) {
            return count(time.toSeconds(), "second");
        }
        if (time.toMinutes() % 60 != 0) {
            return count(time.toMinutes(), "minute");
        }
        return time.toHours() % 24 != 0 ? count(time.toHours(), "hour") : count(time.toDays(), "day");
    }

    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    static String size(long bytes) {
        if (bytes < 1000) {
            return count(bytes, "byte");
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static Html digest(Digest digest) {
        return Tag.CODE
                .of(digest.hex().substring(0, 12))
                .with(Attr.CLASS, "digest")
                .with(Attr.TITLE, "sha-256 " + digest.hex());
    }

    /** A release by its name and digest: that of its artifact, if it has one only. */
    static Html release(Release release) {
        Digest digest =
                release.artifacts().size() == 1 ? release.artifacts().get(0).digest() : release.digest();
        return Html.of(Bits.text(release.name()), Html.text(" "), digest(digest));
    }

    static Html commit(Commit commit) {
        return Tag.CODE.of(commit.id().substring(0, BRIEF)).with(Attr.TITLE, commit.id());
    }

    /** The branch, tag or ref. */
    static String ref(Commit commit) {
        return commit.ref().replaceFirst("^refs/heads/", "").replaceFirst("^refs/tags/", "tag ");
    }

    /** What a run is for, in a few words. */
    static String source(SourceEvent event) {
        if (event instanceof SourceEvent.ChangeProposed proposed) {
            return "change " + proposed.change() + " into " + proposed.target();
        }
        if (event instanceof SourceEvent.Commanded commanded) {
            return commanded.command() + " on change " + commanded.change();
        }
        if (event instanceof SourceEvent.Scheduled) {
            return "schedule on " + Words.ref(event.commit());
        }
        if (event instanceof SourceEvent.Followed followed) {
            return "after a run of " + followed.pipeline();
        }
        String ref = ref(event.commit());
        return (event instanceof SourceEvent.Asked ? "asked for" : "push") + (ref.isEmpty() ? "" : " on " + ref);
    }

    /** Who may decide. */
    static String approvers(Approvers approvers) {
        List<String> names = approvers.anyOf();
        if (names.size() == 1) {
            return names.get(0);
        }
        if (approvers.quorum() > 1 && approvers.quorum() < names.size()) {
            return approvers.quorum() + " of " + String.join(", ", names);
        }
        int last = names.size() - 1;
        return names.stream().limit(last).collect(Collectors.joining(", "))
                + (approvers.quorum() == 1 ? " or " : " and ")
                + names.get(last);
    }

    static String tests(TestSummary tests) {
        return count(tests.total(), "test")
                + (tests.failed() > 0 ? ", " + tests.failed() + " failed" : "")
                + (tests.skipped() > 0 ? ", " + tests.skipped() + " skipped" : "");
    }

    /** Why something ended as it did: what was told, or else what the cause is called. */
    static String why(Cause cause, String detail) {
        if (!detail.isBlank()) {
            return detail;
        }
        return cause == Cause.COMPLETED
                ? ""
                : cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String refusal(VoteRefusal why) {
        return switch (why) {
            case NOT_AN_APPROVER -> "they are no approver";
            case OWN_REQUEST -> "nobody decides on what they asked for themselves";
            case WITHOUT_COMMENT -> "it has no comment";
            case ANOTHER_SUBJECT -> "it was given for something else";
            case TOO_LATE -> "it came too late";
        };
    }

    static String kind(StageView.Kind kind) {
        return kind == StageView.Kind.FAN_OUT
                ? "fan-out"
                : kind == StageView.Kind.CHILD ? "pipeline" : kind.name().toLowerCase(Locale.ROOT);
    }

    static String rollout(Rollout rollout) {
        Optional<String> alarm = rollout.alarm();
        String watched =
                alarm.map(name -> ", rolled back when alarm " + name + " rings").orElse("");
        if (rollout instanceof Rollout.Canary canary) {
            String shares = canary.percent() + " %"
                    + canary.then().stream()
                            .map(share -> ", then " + share.percent() + " %")
                            .collect(Collectors.joining());
            return shares + " of the traffic, each for " + round(canary.hold()) + ", then all" + watched;
        }
        if (rollout instanceof Rollout.BlueGreen blueGreen) {
            return "all the traffic at once; the release before goes on for " + round(blueGreen.keeping()) + watched;
        }
        return "all the traffic at once";
    }
}
