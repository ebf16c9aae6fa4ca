// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.pipeline.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * The signals of Google Cloud: messages of one Pub/Sub topic, which pushes them to the engine's function; see {@link PubSubPush}.
 *
 * <p>A signal for an instant is a task of Cloud Tasks, which then publishes it on that topic: there is one way into the engine, with one rule for what fails. The task's name is made of what it carries,
 * so that the sweep can repeat it without harm. A task waits for 30 days at most, so a later instant is reached in several. What comes too early by some clock is
 * sent again. Any thread; delivery is the functions' alone.
 */
public final class PubSubSignals implements Signals {
    /** The longest that a task waits here; Cloud Tasks takes 30 days. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(29);

    private final Supplier<GoogleApi> pubSub;
    private final Supplier<GoogleApi> tasks;
    private final GcpNames names;
    private final InstantSource clock;
    private final GcpService topic;
    private final GcpService queue;

    /**
     * Signals on a topic. Does no I/O.
     *
     * @param pubSub makes the API of Pub/Sub on first use
     * @param tasks makes the API of Cloud Tasks on first use
     * @param names of the topic and of the queue of tasks
     * @param clock by which a wait is reckoned
     */
    public PubSubSignals(Supplier<GoogleApi> pubSub, Supplier<GoogleApi> tasks, GcpNames names, InstantSource clock) {
        this.pubSub = pubSub;
        this.tasks = tasks;
        this.names = names;
        this.clock = clock;
        this.topic = new GcpService("Pub/Sub", names.signals());
        this.queue = new GcpService("Cloud Tasks", names.timers());
    }

    @Override
    public void send(SignalEnvelope signal) {
        JsonNode unused = topic.call(
                "send signal " + signal.id(),
                () -> pubSub.get().post("publish", path(), PushedMessage.publishing(signal, Instant.EPOCH)));
    }

    @Override
    public void send(SignalEnvelope signal, Instant at) {
        send(signal, at, "");
    }

    /** Whether a signal has come before its instant. */
    boolean isEarly(PushedMessage message) {
        return message.notBefore().isAfter(clock.instant());
    }

    /** Sends a signal that came too early again. Its former task's name may still be taken, so the new one's is made of the message, too. */
    void sendAgain(PushedMessage early, SignalEnvelope signal) {
        send(signal, early.notBefore(), early.id());
    }

    private void send(SignalEnvelope signal, Instant at, String again) {
        Instant now = clock.instant();
        if (!at.isAfter(now)) {
            send(signal);
            return;
        }
        Instant latest = now.plus(LONGEST_WAIT);
        Instant due = at.isAfter(latest) ? latest : at;
        // To the whole second after it, so that nobody's clock has to be finer.
        Instant second = due.plusSeconds(1).minusNanos(1).truncatedTo(ChronoUnit.SECONDS);
        create(task(PushedMessage.publishing(signal, at).toString().getBytes(UTF_8), second, again), signal);
    }

    private ObjectNode task(byte[] body, Instant due, String again) {
        String content = Digest.of(body).hex() + " " + due + " " + again;
        String name = names.timers() + "/tasks/s-"
                + Digest.of(content.getBytes(UTF_8)).hex().substring(0, 48);
        ObjectNode task =
                JsonNodeFactory.instance.objectNode().put("name", name).put("scheduleTime", due.toString());
        ObjectNode request = task.putObject("httpRequest")
                .put("httpMethod", "POST")
                .put("url", pubSub.get().address() + path())
                .put("body", body);
        request.putObject("headers").put("Content-Type", "application/json");
        request.putObject("oauthToken").put("serviceAccountEmail", names.serviceAccount("timers"));
        return task;
    }

    private void create(ObjectNode task, SignalEnvelope signal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("task", task);
        boolean unused = queue.call("schedule signal " + signal.id(), () -> {
            try {
                return tasks.get()
                        .post("createTask", "/v2/" + names.timers() + "/tasks", body)
                        .isMissingNode();
            } catch (GoogleApiException e) {
                if (e.isExisting()) {
                    // The same signal for the same instant waits there already, or was published a while ago.
                    return true;
                }
                throw e;
            }
        });
    }

    private String path() {
        return "/v1/" + names.signals() + ":publish";
    }
}
