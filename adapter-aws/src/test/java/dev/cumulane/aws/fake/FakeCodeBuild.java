// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * CodeBuild as far as the adapter uses it. Builds really run: {@code /bin/sh} with the buildspec's commands, in an empty directory and a session of its own.
 *
 * <p>What the published interface and the user guide say and the model does not: a token is known for five minutes, and a call that repeats it with other
 * parameters is refused; the latest builds are listed first, 100 a page; builds that do not exist are answered as not found, projects as an error. State changes
 * are told as EventBridge would, as long as nothing says otherwise.
 */
public final class FakeCodeBuild extends FakeService {
    private static final Duration TOKEN_LIVES = Duration.ofMinutes(5);

    private final Path directory;
    private final InstantSource clock;
    private final Consumer<String> events;
    private final SortedMap<String, String> secrets = new TreeMap<>();
    private final SortedMap<String, ObjectNode> projects = new TreeMap<>();
    private final Map<String, FakeBuild> builds = new LinkedHashMap<>();
    private final Map<String, FakeBuild> tokens = new TreeMap<>();
    private final List<String> held = new ArrayList<>();
    private int copies = 1;
    private int page = 100;
    private boolean holding;

    /**
     * Starts the service.
     *
     * @param directory where builds work
     * @param clock the time by which tokens age
     * @param events takes each event's JSON, on a thread of the fake
     */
    public FakeCodeBuild(Path directory, InstantSource clock, Consumer<String> events) {
        super("codebuild");
        this.directory = directory;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Makes a secret known that builds may be bound to.
     *
     * @param name its name, as a binding writes it
     * @param value the value
     */
    public synchronized void secret(String name, String value) {
        secrets.put(name, value);
    }

    /**
     * Tells each event as many times.
     *
     * @param times 0 loses them, 2 doubles them
     */
    public synchronized void tellEvents(int times) {
        copies = times;
    }

    /**
     * Lists so many builds at a time instead of 100, so that few make several pages.
     *
     * @param builds how many
     */
    public synchronized void listInPagesOf(int builds) {
        page = builds;
    }

    /** Keeps events back from now on. */
    public synchronized void holdEvents() {
        holding = true;
    }

    /** Tells what was kept back, the latest first. */
    public void releaseEvents() {
        List<String> late;
        synchronized (this) {
            holding = false;
            late = new ArrayList<>(held);
            held.clear();
        }
        java.util.Collections.reverse(late);
        late.forEach(events);
    }

    /**
     * The builds of a project, in the order of their starts.
     *
     * @param project its name
     * @return their ids
     */
    public synchronized List<String> builds(String project) {
        return builds.values().stream()
                .filter(build -> build.projectName().equals(project))
                .map(FakeBuild::id)
                .toList();
    }

    /**
     * What a build printed.
     *
     * @param id its id
     * @return the file
     */
    public synchronized Path log(String id) {
        return builds.get(id).log();
    }

    /**
     * A build dies with all that it runs.
     *
     * @param id its id
     * @param how such as {@code FAULT} or {@code TIMED_OUT}
     */
    public void end(String id, String how) {
        FakeBuild build;
        synchronized (this) {
            build = builds.get(id);
        }
        over(build, how);
    }

    @Override
    protected synchronized WireAnswer handle(WireRequest request) {
        ObjectNode body = body(request);
        String target = request.header("x-amz-target").orElse("");
        ObjectNode answer = switch (target.substring(target.indexOf('.') + 1)) {
            case "CreateProject" -> createProject(body);
            case "UpdateProject" -> updateProject(body);
            case "BatchGetProjects" -> batchGetProjects(body);
            case "StartBuild" -> startBuild(body);
            case "StopBuild" -> stopBuild(body);
            case "BatchGetBuilds" -> batchGetBuilds(body);
            case "ListBuildsForProject" -> listBuilds(body);
            default -> throw new Refused(400, "UnknownOperationException", "not in this fake: " + target);
        };
        return WireAnswer.json(200, answer).with("content-type", "application/x-amz-json-1.1");
    }

    private static Refused invalid(String message) {
        return new Refused(400, "InvalidInputException", message);
    }

    private ObjectNode createProject(ObjectNode project) {
        String name = project.path("name").asText();
        if (projects.containsKey(name)) {
            throw new Refused(400, "ResourceAlreadyExistsException", "Project already exists: " + name);
        }
        return kept(name, project);
    }

    private ObjectNode updateProject(ObjectNode changes) {
        String name = changes.path("name").asText();
        return kept(name, project(name).deepCopy().setAll(changes));
    }

    private ObjectNode kept(String name, ObjectNode project) {
        project.put("arn", "arn:aws:codebuild:eu-west-1:123456789012:project/" + name);
        projects.put(name, project);
        ObjectNode answer = object();
        answer.set("project", project);
        return answer;
    }

    private ObjectNode project(String name) {
        return Optional.ofNullable(projects.get(name))
                .orElseThrow(() -> new Refused(400, "ResourceNotFoundException", "Project cannot be found: " + name));
    }

    private ObjectNode batchGetProjects(ObjectNode asked) {
        ObjectNode answer = object();
        ArrayNode found = answer.putArray("projects");
        ArrayNode missing = object().arrayNode();
        asked.path("names").forEach(name -> {
            ObjectNode project = projects.get(name.asText());
            (project == null ? missing : found).add(project == null ? name : project);
        });
        if (!missing.isEmpty()) {
            answer.set("projectsNotFound", missing);
        }
        return answer;
    }

    private ObjectNode startBuild(ObjectNode asked) {
        String token = asked.path("idempotencyToken").asText("");
        FakeBuild build = tokens.get(token);
        if (!token.isEmpty()
                && build != null
                && build.started().plus(TOKEN_LIVES).isAfter(clock.instant())) {
            if (!build.request().equals(asked)) {
                throw invalid("A build with this idempotency token was started with other parameters");
            }
        } else {
            build = started(asked);
            tokens.put(token, build);
        }
        ObjectNode answer = object();
        answer.set("build", build.json());
        return answer;
    }

    private FakeBuild started(ObjectNode asked) {
        ObjectNode project = project(asked.path("projectName").asText());
        TreeSet<String> names = new TreeSet<>();
        asked.path("environmentVariablesOverride").forEach(each -> {
            if (!names.add(each.path("name").asText())) {
                throw invalid(
                        "Duplicate environment variable: " + each.path("name").asText());
            }
        });
        String id = project.path("name").asText() + ":" + UUID.randomUUID();
        FakeBuild build = new FakeBuild(
                id,
                builds.size() + 1L,
                clock.instant(),
                asked,
                project,
                directory.resolve(id.substring(id.indexOf(':') + 1)));
        builds.put(id, build);
        tell(build);
        build.begin(secrets)
                .ifPresentOrElse(
                        process -> process.onExit()
                                .thenAccept(ended -> over(build, ended.exitValue() == 0 ? "SUCCEEDED" : "FAILED")),
                        () -> over(build, "FAILED"));
        return build;
    }

    private void over(FakeBuild build, String how) {
        synchronized (this) {
            if (build.isOver()) {
                return;
            }
            build.end(how, clock.instant());
        }
        tell(build);
    }

    private void tell(FakeBuild build) {
        int times;
        String event;
        synchronized (this) {
            event = build.event(UUID.randomUUID().toString(), clock.instant()).toString();
            times = holding ? 0 : copies;
            if (holding) {
                held.add(event);
            }
        }
        for (int i = 0; i < times; i++) {
            events.accept(event);
        }
    }

    private ObjectNode stopBuild(ObjectNode asked) {
        FakeBuild build = find(asked.path("id").asText())
                .orElseThrow(() -> new Refused(400, "ResourceNotFoundException", "Build cannot be found"));
        over(build, "STOPPED");
        ObjectNode answer = object();
        answer.set("build", build.json());
        return answer;
    }

    private Optional<FakeBuild> find(String idOrArn) {
        return Optional.ofNullable(
                builds.get(idOrArn.substring(idOrArn.indexOf("build/") < 0 ? 0 : idOrArn.indexOf("build/") + 6)));
    }

    private ObjectNode batchGetBuilds(ObjectNode asked) {
        ObjectNode answer = object();
        ArrayNode found = answer.putArray("builds");
        List<String> missing = new ArrayList<>();
        asked.path("ids")
                .forEach(id -> find(id.asText())
                        .ifPresentOrElse(build -> found.add(build.json()), () -> missing.add(id.asText())));
        if (!missing.isEmpty()) {
            answer.set("buildsNotFound", JSON.valueToTree(missing));
        }
        return answer;
    }

    private ObjectNode listBuilds(ObjectNode asked) {
        String project = asked.path("projectName").asText();
        project(project);
        Comparator<FakeBuild> order = Comparator.comparingLong(
                build -> build.json().path("buildNumber").asLong());
        List<String> all = builds.values().stream()
                .filter(build -> build.projectName().equals(project))
                .sorted(asked.path("sortOrder").asText("DESCENDING").equals("DESCENDING") ? order.reversed() : order)
                .map(FakeBuild::id)
                .toList();
        int from = asked.path("nextToken").asInt(0);
        int to = Math.min(all.size(), from + page);
        ObjectNode answer = object();
        if (from < to) {
            answer.set("ids", JSON.valueToTree(all.subList(from, to)));
        }
        return to < all.size() ? answer.put("nextToken", Integer.toString(to)) : answer;
    }

    /** The plain variables of a build, by name, for tests that look at what a start said. */
    public synchronized SortedMap<String, JsonNode> variables(String id) {
        SortedMap<String, JsonNode> variables = new TreeMap<>();
        StreamSupport.stream(
                        builds.get(id)
                                .environment()
                                .path("environmentVariables")
                                .spliterator(),
                        false)
                .forEach(each -> variables.put(each.path("name").asText(), each));
        return variables;
    }

    /** Ends all builds, and the service. */
    @Override
    public void close() {
        List<FakeBuild> all;
        synchronized (this) {
            all = List.copyOf(builds.values());
        }
        all.forEach(build -> over(build, "FAULT"));
        super.close();
    }
}
