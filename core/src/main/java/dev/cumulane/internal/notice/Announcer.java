// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.notify.Notices;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunView;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Sends each notice of a rule as a message of its own: once, and once more only where nobody knows whether it got through. */
public final class Announcer implements Follower.OfState {
    private final Notices notices;
    private final Sink sink;
    private final Caller caller;
    private final Surroundings around;

    /**
     * What an announcer needs beside its rule.
     *
     * @param secrets reads what the destination names
     * @param others knows of other runs
     * @param clock the time
     * @param page the page that shows a run, if there is one
     */
    public record Surroundings(
            Secrets secrets, Others others, InstantSource clock, Function<RunView, Optional<String>> page) {
        String secret(String reference) {
            return secrets.required(reference);
        }
    }

    Announcer(Notices notices, Sink sink, Caller caller, Surroundings around) {
        this.notices = notices;
        this.sink = sink;
        this.caller = caller;
        this.around = around;
    }

    @Override
    public String name() {
        return "notice/" + notices.name();
    }

    @Override
    public boolean follows(RunView run) {
        return notices.pipelines().isEmpty() || notices.pipelines().contains(run.pipeline());
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        return !Memo.of(memo).told().containsAll(Note.keys(run, notices));
    }

    @Override
    public String tell(Telling what) {
        Memo memo = Memo.of(what.memo());
        for (String key : Note.keys(what.run(), notices)) {
            if (!memo.told().contains(key)) {
                Optional<Note> note = Note.of(key, what.run(), notices, around.others());
                if (note.isPresent()) {
                    send(note.get(), what.run(), memo);
                }
                memo = memo.and(key);
            }
        }
        return memo.text();
    }

    private void send(Note note, RunView run, Memo before) {
        String id = "msg_"
                + Digest.of((name() + "\n" + run.id() + "\n" + note.key()).getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 32);
        try {
            Sink.Notice notice = new Sink.Notice(id, note, run, around.page().apply(run));
            String secret = around.secret(notices.destination().reference());
            Answer answer = caller.call(sink.call(notice, secret, around.clock().instant()));
            if (!answer.isSuccess()) {
                throw Refusals.of(sink.who(), answer, around.clock().instant()).after(before.text());
            }
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e).after(before.text());
        }
    }
}
