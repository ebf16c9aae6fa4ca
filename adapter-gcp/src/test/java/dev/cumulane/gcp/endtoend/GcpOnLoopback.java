// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTargetStatus;
import com.google.cloud.tasks.v2.Task;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.contract.Loopback;
import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.engine.Engine;
import dev.cumulane.gcp.Gcp;
import dev.cumulane.gcp.GcpCloud;
import dev.cumulane.gcp.GcpUnderTest;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.emulator.PushTopic;
import dev.cumulane.gcp.fake.FakeCloudBuild;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.gcp.fake.FakeCloudTasks;
import dev.cumulane.gcp.fake.FakeFunctions;
import dev.cumulane.gcp.fake.FakeIam;
import dev.cumulane.gcp.fake.FakeRunServices;
import dev.cumulane.gcp.fake.FakeSecretManager;
import dev.cumulane.gcp.functions.Handler;
import dev.cumulane.gcp.secrets.SecretManagerSecrets;
import dev.cumulane.gcp.work.WorkNames;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.TrustLevel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A project with one installation in it, on loopback: Google's emulators of Firestore and Pub/Sub; our own Cloud Storage, Cloud Build, Cloud Tasks, Cloud Run, Cloud Functions, IAM and Secret
 * Manager. Ingress, engine and worker are played by the test's own JVM, at addresses of their own.
 */
final class GcpOnLoopback implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FUNCTION = "shop-api";
    private static final Digest CODE = Digest.of("the team's jar".getBytes(UTF_8));
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final GcpNames names = Emulators.names();
    private final WorkNames work = new WorkNames(names);
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Queue<Task> again = new ConcurrentLinkedQueue<>();
    private final FakeCloudTasks tasks;
    private final FakeCloudBuild builds;
    private final FakeFunctions function;
    private final GoogleApi pubSub;
    private final GcpCloud cloud;
    private final Engine engine;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    GcpOnLoopback(Path directory) throws IOException {
        InstantSource clock = InstantSource.system();
        FakeCloudStorage storage = closing(new FakeCloudStorage(clock));
        storage.create(names.bucket());
        tasks = closing(new FakeCloudTasks(clock).create(names.timers()).create(work.queue()));
        builds = closing(new FakeCloudBuild(work.location(), directory, clock, this::told));
        function = closing(new FakeFunctions(work.location(), FUNCTION));
        function.takeNewCodeAfter(0);
        FakeIam iam = closing(new FakeIam());
        Role ingress = closing(new Role());
        Role worker = closing(new Role());
        FakeRunServices run = closing(new FakeRunServices(name -> Optional.of(tagged(worker.address()))));
        Junction both = closing(new Junction(run.endpoint(), function.endpoint()));
        pubSub = Emulators.clients(Map.of("pubsub", Emulators.pubSub())).api("pubsub");
        cloud = closing(GcpUnderTest.in(names.project(), Map.of(Gcp.CODE_VARIABLE, CODE.hex()))
                .region(names.region())
                .namespace(names.namespace())
                .ingress(ingress.address())
                .credentials(Emulators.credentials())
                .environment(Swap.ENVIRONMENT, e -> e.function(FUNCTION))
                .endpoint("firestore", Emulators.firestore())
                .endpoint("pubsub", Emulators.pubSub())
                .endpoint("storage", storage.endpoint())
                .endpoint("iamcredentials", iam.endpoint())
                .endpoint("secretmanager", secrets().endpoint())
                .endpoint("cloudtasks", tasks.endpoint())
                .endpoint("cloudbuild", builds.endpoint())
                .endpoint("cloudfunctions", function.endpoint())
                .endpoint("run", both.endpoint())
                .connect());
        accounts();
        engine = closing(builder().open());
        ingress.plays(engine::answer);
        worker.plays(Handler.worker(cloud, log::add)::answer);
        Handler handler = Handler.engine(cloud, engine);
        String subscription = PushTopic.subscribed(pubSub, names.signals());
        PushTopic.subscribed(pubSub, names.events());
        closing(new PushTopic(pubSub, body -> status(handler.answer(request("/", body)))).from(subscription));
        ScheduledExecutorService pump = Executors.newSingleThreadScheduledExecutor();
        closing(pump::shutdownNow);
        ExecutorService calls = Executors.newCachedThreadPool();
        closing(calls::shutdownNow);
        pump.scheduleWithFixedDelay(() -> pump(calls), 0, 50, TimeUnit.MILLISECONDS);
    }

    private static int status(HttpAnswer answer) {
        return answer.status();
    }

    private static dev.cumulane.cloud.HttpRequest request(String path, byte[] body) {
        return dev.cumulane.cloud.HttpRequest.of("POST", path, "", Map.of(), body);
    }

    private Engine.Builder builder() {
        return Engine.on(cloud)
                .register(Swap.pipeline(Duration.ofSeconds(1)))
                .people(People.of(Person.named("ada"), Person.named("grace")));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        closing.push(resource);
        return resource;
    }

    private FakeSecretManager secrets() {
        FakeSecretManager secrets = closing(new FakeSecretManager());
        for (String reference : List.of(GcpCloud.TICKET_KEY, Swap.SECRET)) {
            secrets.add(
                    SecretManagerSecrets.name(names, reference),
                    ("a-value-of-" + reference + "-0123456789abcdef").getBytes(UTF_8));
        }
        return secrets;
    }

    private void accounts() {
        for (TrustLevel trust : TrustLevel.values()) {
            builds.account(work.resource(work.buildAccount(Swap.NAME, trust, List.of())));
        }
    }

    private static Service tagged(URI worker) {
        return Service.newBuilder()
                .addTrafficStatuses(TrafficTargetStatus.newBuilder()
                        .setTag(WorkNames.tag(CODE))
                        .setUri(worker.toString()))
                .build();
    }

    /** Cloud Build publishes a build with its id and its status. */
    private void told(String build) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode message = body.putArray("messages").addObject().put("data", build.getBytes(UTF_8));
        try {
            String id = JSON.readTree(build).path("id").asText();
            message.putObject("attributes").put("buildId", id);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        var unused = pubSub.post("publish", "/v1/" + names.signals() + ":publish", body);
    }

    /** What Cloud Tasks does: what is due is sent, and again until it is answered with 2xx. */
    private void pump(ExecutorService calls) {
        for (Task task = again.poll(); task != null; task = again.poll()) {
            send(calls, task);
        }
        tasks.due().forEach(task -> send(calls, task));
    }

    private void send(ExecutorService calls, Task task) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(task.getHttpRequest().getUrl()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        task.getHttpRequest().getBody().toByteArray()))
                .header("X-CloudTasks-TaskName", task.getName().replaceFirst(".*/", ""));
        task.getHttpRequest().getHeadersMap().forEach(request::header);
        calls.execute(() -> {
            try {
                int status = HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status / 100 != 2) {
                    again.add(task);
                }
            } catch (IOException e) {
                again.add(task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** What a function is given to do. */
    @FunctionalInterface
    private interface Answering {
        HttpAnswer answer(dev.cumulane.cloud.HttpRequest request);
    }

    /** The address of a function. */
    private static final class Role implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server = Loopback.serve(this::serve, threads);
        private volatile Optional<Answering> played = Optional.empty();

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        void plays(Answering role) {
            played = Optional.of(role);
        }

        private void serve(HttpExchange exchange) throws IOException {
            try (exchange) {
                URI uri = exchange.getRequestURI();
                HttpAnswer answer = played.orElseThrow()
                        .answer(dev.cumulane.cloud.HttpRequest.of(
                                exchange.getRequestMethod(),
                                uri.getRawPath(),
                                Optional.ofNullable(uri.getRawQuery()).orElse(""),
                                exchange.getRequestHeaders(),
                                exchange.getRequestBody().readAllBytes()));
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    Engine engine() {
        return engine;
    }

    /** What was asked of the fakes against their definitions. */
    List<String> violations() {
        return Stream.concat(builds.violations().stream(), function.violations().stream())
                .toList();
    }

    /** The lines of the worker. */
    List<String> log() {
        return List.copyOf(log);
    }

    @Override
    public void close() {
        for (AutoCloseable each : closing) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("could not be closed", e);
            }
        }
    }
}
