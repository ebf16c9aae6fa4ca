// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The service hooks of {@link FakeDevOps}. What the page on troubleshooting service hooks says: 408, 502, 503 and 504 pass, and a request is sent again up to eight times with
 * growing pauses; 410 is for ever and disables the subscription; any other refusal puts it on probation.
 */
final class FakeHooks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> PASSING = Set.of(408, 502, 503, 504);
    private static final int RESENDS = 8;
    private static final int GONE = 410;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, ObjectNode> subscriptions = new LinkedHashMap<>();
    private final List<ObjectNode> notifications = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private final Duration firstPause;
    private int copies = 1;
    private boolean holding;

    /**
     * Without subscriptions.
     *
     * @param firstPause before the first repetition; a second in truth
     */
    FakeHooks(Duration firstPause) {
        this.firstPause = firstPause;
    }

    synchronized void tell(int times) {
        copies = times;
    }

    synchronized void hold() {
        holding = true;
    }

    /** Sends what was kept back, the latest first. */
    void release() {
        List<String> late;
        synchronized (this) {
            holding = false;
            late = new ArrayList<>(held);
            held.clear();
        }
        Collections.reverse(late);
        late.forEach(this::send);
    }

    synchronized ObjectNode subscribe(ObjectNode asked) {
        String id = UUID.randomUUID().toString();
        ObjectNode subscription = asked.deepCopy().put("id", id).put("status", "enabled");
        subscriptions.put(id, subscription);
        return subscription;
    }

    synchronized List<ObjectNode> subscriptions() {
        return subscriptions.values().stream().map(ObjectNode::deepCopy).toList();
    }

    synchronized Optional<ObjectNode> subscription(String id) {
        return Optional.ofNullable(subscriptions.get(id)).map(ObjectNode::deepCopy);
    }

    synchronized Optional<ObjectNode> unsubscribe(String id) {
        return Optional.ofNullable(subscriptions.remove(id));
    }

    synchronized List<ObjectNode> notifications(String subscription) {
        return notifications.stream()
                .filter(each -> each.path("subscriptionId").asText().equals(subscription))
                .toList();
    }

    /** Tells that a build is over, as often as it was told to. */
    void completed(ObjectNode build, String at) {
        ObjectNode event = JSON.createObjectNode();
        event.put("id", UUID.randomUUID().toString()).put("eventType", "build.complete");
        event.put("publisherId", "tfs").put("resourceVersion", "1.0").put("createdDate", at);
        event.set("resource", build);
        int times;
        synchronized (this) {
            if (holding) {
                held.add(event.toString());
            }
            times = holding ? 0 : copies;
        }
        for (int i = 0; i < times; i++) {
            send(event.toString());
        }
    }

    private void send(String event) {
        for (ObjectNode subscription : subscriptions()) {
            if (subscription.path("status").asText().equals("enabled")) {
                send(subscription, event);
            }
        }
    }

    private void send(ObjectNode subscription, String event) {
        Duration pause = firstPause;
        int attempts = 0;
        int status;
        do {
            if (attempts > 0) {
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2);
            }
            status = post(subscription.path("consumerInputs"), event);
            attempts++;
        } while (PASSING.contains(status) && attempts <= RESENDS);
        note(subscription.path("id").asText(), status, attempts);
    }

    private synchronized void note(String subscription, int status, int attempts) {
        ObjectNode notification = JSON.createObjectNode();
        notification.put("id", notifications.size() + 1).put("subscriptionId", subscription);
        notification.put("status", "completed").put("result", status / 100 == 2 ? "succeeded" : "failed");
        notification.putObject("details").put("requestAttempts", attempts).put("response", Integer.toString(status));
        notifications.add(notification);
        ObjectNode kept = subscriptions.get(subscription);
        if (kept != null && status == GONE) {
            kept.put("status", "disabledBySystem");
        } else if (kept != null && status / 100 != 2 && !PASSING.contains(status)) {
            kept.put("status", "onProbation");
        }
    }

    private int post(JsonNode inputs, String event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(inputs.path("url").asText()))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(event));
        for (String header : inputs.path("httpHeaders").asText().split("\n", -1)) {
            if (header.contains(":")) {
                request.header(
                        header.substring(0, header.indexOf(':')).strip(),
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 504;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 504;
        }
    }
}
