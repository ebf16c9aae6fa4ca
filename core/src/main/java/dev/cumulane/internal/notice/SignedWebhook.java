// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.SignedCall;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;

/**
 * Any service that checks signatures as Standard Webhooks says: the id stays the same over retries, so that the receiver can tell a repetition; the time is that of the
 * request.
 *
 * @param url the service's address
 */
record SignedWebhook(URI url) implements Sink {
    @Override
    public String who() {
        return "the webhook at " + url.getHost();
    }

    @Override
    public Call call(Notice notice, String secret, Instant now) {
        return SignedCall.of(Call.json("POST", url, Json.bytes(body(notice))), notice.id(), secret, now);
    }

    private static ObjectNode body(Notice notice) {
        RunView run = notice.run();
        ObjectNode body = Json.object()
                .put("type", "run." + notice.note().moment().name().toLowerCase(Locale.ROOT))
                .put("timestamp", when(notice).toString());
        ObjectNode data = body.putObject("data")
                .put("run", run.id().value())
                .put("pipeline", run.pipeline())
                .put("state", run.status().state().name());
        run.outcome().ifPresent(outcome -> data.put("outcome", outcome.name()));
        Commit commit = run.source().commit();
        data.putObject("commit")
                .put("repository", commit.repository())
                .put("ref", commit.ref())
                .put("id", commit.id());
        data.put("by", run.source().by());
        ArrayNode stages = data.putArray("stages");
        for (StageView stage : notice.note().stages()) {
            ObjectNode one = stages.addObject().put("name", stage.name());
            stage.owner().ifPresent(owner -> one.put("owner", owner));
            stage.outcome().ifPresent(outcome -> one.put("outcome", outcome.name()));
        }
        notice.page().ifPresent(page -> data.put("page", page));
        return body;
    }

    /** When it happened: the body of a repetition has the same bytes. */
    private static Instant when(Notice notice) {
        StageView.Times times = notice.run().status().times();
        return notice.note().stages().stream()
                .filter(stage -> notice.run().outcome().isEmpty())
                .flatMap(stage -> stage.progress().times().began().stream())
                .findFirst()
                .or(() -> notice.note().key().equals("started") ? times.began() : times.ended())
                .or(times::began)
                .orElse(Instant.EPOCH);
    }
}
