// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One project of Azure DevOps on loopback, as far as the adapter uses it. Runs of its pipelines really run. Where {@code CUMULANE_CONTRACTS} names the published interfaces,
 * every request and every answer is held against them, and what is wrong is kept for the test to find.
 */
public final class FakeDevOps implements AutoCloseable {
    /** The organization. */
    public static final String ORGANIZATION = "shop";

    /** The project; its name has to be encoded. */
    public static final String PROJECT = "web shop";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY = 429;

    private final ExecutorService threads = Executors.newCachedThreadPool(FakeDevOps::daemon);
    private final HttpServer server = Loopback.serve(this::serve, threads);
    private final List<OpenApi> published = published();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger throttles = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final FakeHooks hooks = new FakeHooks(Duration.ofMillis(1));
    private final FakeRuns runs;
    private volatile String losing = "";

    /** A refusal. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private record Answer(int status, String body) {}

    /**
     * Starts the service.
     *
     * @param directory where runs work
     */
    public FakeDevOps(Path directory) {
        runs = new FakeRuns(directory, hooks);
    }

    private static List<OpenApi> published() {
        String contracts = System.getenv("CUMULANE_CONTRACTS");
        if (contracts == null || contracts.isEmpty()) {
            return List.of();
        }
        try {
            List<OpenApi> all = new java.util.ArrayList<>();
            for (String area : List.of("pipelinesapproval", "pipelines", "build", "serviceHooks")) {
                all.add(OpenApi.read(Path.of(contracts, "azure-devops", area + ".json")));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where it is.
     *
     * @return its address, before the organization
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Its pipelines and their runs.
     *
     * @return the same each time
     */
    public FakeRuns runs() {
        return runs;
    }

    /**
     * Tells each event as many times.
     *
     * @param times 0 loses them, 2 doubles them
     */
    public void tellEvents(int times) {
        hooks.tell(times);
    }

    /** Keeps events back from now on. */
    public void holdEvents() {
        hooks.hold();
    }

    /** Tells what was kept back, the latest first. */
    public void releaseEvents() {
        hooks.release();
    }

    /**
     * Has builds that are over told.
     *
     * @param url where
     * @param header a header that the request has, with its value
     */
    public void subscribe(String url, String header) {
        ObjectNode subscription = JSON.createObjectNode();
        subscription
                .put("publisherId", "tfs")
                .put("eventType", "build.complete")
                .put("resourceVersion", "1.0");
        subscription.put("consumerId", "webHooks").put("consumerActionId", "httpRequest");
        subscription.putObject("consumerInputs").put("url", url).put("httpHeaders", header);
        hooks.subscribe(subscription);
    }

    /**
     * What became of the subscriptions.
     *
     * @return the state of each
     */
    public List<String> subscriptions() {
        return hooks.subscriptions().stream()
                .map(each -> each.path("status").asText())
                .toList();
    }

    /**
     * What was sent.
     *
     * @return for each event the number of its requests and the last answer
     */
    public List<String> notifications() {
        return hooks.subscriptions().stream()
                .flatMap(each -> hooks.notifications(each.path("id").asText()).stream())
                .map(each -> each.at("/details/requestAttempts").asText() + " "
                        + each.at("/details/response").asText())
                .toList();
    }

    /**
     * Refuses the next calls as too many.
     *
     * @param calls how many
     */
    public void throttle(int calls) {
        throttles.set(calls);
    }

    /**
     * Does what the next such calls ask for, and answers none of them.
     *
     * @param operation a part of method and path
     * @param calls how many
     */
    public void loseAnswers(String operation, int calls) {
        losing = operation;
        losses.set(calls);
    }

    /**
     * What was wrong with requests and answers.
     *
     * @return one line each; where no published interfaces are, only what the fake itself refused to understand
     */
    public List<String> violations() {
        return violations;
    }

    /**
     * What was asked.
     *
     * @param operation a part of method and path
     * @return method and path of each such request
     */
    public List<String> requests(String operation) {
        return requests.stream().filter(each -> each.contains(operation)).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            URI uri = exchange.getRequestURI();
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(method + " " + uri);
            String proof = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer = proof.matches("(Bearer|Basic) .+")
                    ? answer(method, uri, body)
                    : new Answer(203, "<html>Azure DevOps Services | Sign In</html>");
            boolean lost =
                    (method + " " + uri).contains(losing) && losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!lost) {
                byte[] bytes = answer.body().getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
                if (answer.status() == TOO_MANY) {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                }
                exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private Answer answer(String method, URI uri, byte[] body) {
        Optional<OpenApi> api =
                published.stream().filter(each -> each.knows(uri)).findFirst();
        if (!published.isEmpty()) {
            List<String> wrong =
                    api.map(each -> each.request(method, uri, body)).orElse(List.of("no published interface has it"));
            if (!wrong.isEmpty()) {
                wrong.forEach(problem -> violations.add(method + " " + uri + ": " + problem));
                return refused(400, String.join("; ", wrong));
            }
        }
        if (throttles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return refused(TOO_MANY, "Request was blocked due to exceeding usage of resource 'Concurrency'");
        }
        Answer answer;
        try {
            answer = new Answer(200, handle(method, uri, body));
        } catch (RefusedException e) {
            return refused(e.status, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            violations.add(method + " " + uri + ": the fake failed: " + e);
            return refused(500, e.toString());
        }
        api.ifPresent(each -> each.answer(method, uri, 200, answer.body().getBytes(UTF_8))
                .forEach(problem -> violations.add("answer to " + method + " " + uri + ": " + problem)));
        return answer;
    }

    private static Answer refused(int status, String message) {
        return new Answer(
                status,
                JSON.createObjectNode()
                        .put("message", message)
                        .put("typeKey", "Refused")
                        .toString());
    }

    private String handle(String method, URI uri, byte[] body) throws IOException {
        String path = uri.getPath();
        JsonNode sent = body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        String inOrganization = "/" + ORGANIZATION + "/_apis/";
        if (path.startsWith(inOrganization)) {
            return hooks(method, path.substring(inOrganization.length()), sent);
        }
        String inProject = "/" + ORGANIZATION + "/" + PROJECT + "/_apis/";
        if (!path.startsWith(inProject)) {
            throw new RefusedException(404, "TF200016: The project does not exist");
        }
        return project(method + " " + path.substring(inProject.length()), query(uri), sent);
    }

    private String project(String operation, SortedMap<String, String> query, JsonNode sent) throws IOException {
        String[] parts = operation.split("/", -1);
        if (operation.equals("GET build/definitions")) {
            return wrapped(runs.definitions(query.getOrDefault("name", "*")));
        }
        if (operation.matches("POST pipelines/[0-9]+/runs")) {
            return runs.start(Integer.parseInt(parts[1]), sent).run().toString();
        }
        if (operation.equals("GET build/builds")) {
            return wrapped(runs.list(query));
        }
        if (operation.equals("PATCH pipelines/approvals")) {
            return approvals(sent);
        }
        FakeRun run = runs.run(parts.length > 2 && parts[2].matches("[0-9]{1,9}") ? Integer.parseInt(parts[2]) : 0)
                .orElseThrow(() -> new RefusedException(404, "The requested build could not be found."));
        String rest = operation.replaceFirst("/[0-9]+", "/*");
        if (rest.equals("GET build/builds/*")) {
            return run.build().toString();
        }
        if (rest.equals("PATCH build/builds/*") && sent.path("status").asText().equals("cancelling")) {
            run.cancel();
            return run.build().toString();
        }
        if (rest.startsWith("PUT build/builds/*/tags/")) {
            run.tag(parts[parts.length - 1]);
            return wrapped(run.build().path("tags"));
        }
        if (rest.startsWith("GET build/builds/*/timeline/")) {
            return run.timeline().toString();
        }
        if (rest.equals("GET build/builds/*/logs")) {
            return wrapped(JSON.createArrayNode()
                    .add(JSON.createObjectNode().put("id", 1).put("type", "Container")));
        }
        if (rest.equals("GET build/builds/*/logs/1")) {
            List<String> lines = run.lines();
            int from = Math.min(Integer.parseInt(query.getOrDefault("startLine", "1")) - 1, lines.size());
            int to = Math.min(Integer.parseInt(query.getOrDefault("endLine", "1000000")), lines.size());
            return wrapped(JSON.valueToTree(lines.subList(from, Math.max(from, to))));
        }
        throw new RefusedException(404, "not in this fake: " + operation);
    }

    private String approvals(JsonNode sent) {
        ArrayNode given = JSON.createArrayNode();
        for (JsonNode each : sent) {
            String id = each.path("approvalId").asText();
            if (!each.path("status").asText().equals("approved") || !runs.approve(id)) {
                throw new RefusedException(404, "no approval " + id + " to give");
            }
            given.addObject().put("id", id).put("status", "approved");
        }
        return wrapped(given);
    }

    private String hooks(String method, String path, JsonNode sent) {
        if (path.equals("hooks/subscriptions")) {
            return method.equals("POST")
                    ? hooks.subscribe((ObjectNode) sent).toString()
                    : wrapped(JSON.valueToTree(hooks.subscriptions()));
        }
        String id = path.replaceFirst("^hooks/subscriptions/", "").replaceFirst("/.*", "");
        ObjectNode subscription =
                hooks.subscription(id).orElseThrow(() -> new RefusedException(404, "no subscription " + id));
        if (path.endsWith("/notifications")) {
            return wrapped(JSON.valueToTree(hooks.notifications(id)));
        }
        if (method.equals("DELETE")) {
            hooks.unsubscribe(id);
            return "";
        }
        return subscription.toString();
    }

    private static String wrapped(JsonNode array) {
        ObjectNode wrapped = JSON.createObjectNode().put("count", array.size());
        wrapped.set("value", array);
        return wrapped.toString();
    }

    private static SortedMap<String, String> query(URI uri) {
        SortedMap<String, String> query = new TreeMap<>();
        for (String pair : String.valueOf(uri.getRawQuery()).split("&", -1)) {
            int equals = Math.max(0, pair.indexOf('='));
            query.put(
                    URLDecoder.decode(pair.substring(0, equals), UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return query;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "fake-devops");
        thread.setDaemon(true);
        return thread;
    }

    /** Ends all runs, and the service. */
    @Override
    public void close() {
        runs.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
