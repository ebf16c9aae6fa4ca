// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.tasks.v2.CloudTasksProto;
import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.HttpRequest;
import com.google.cloud.tasks.v2.Task;
import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Cloud Tasks, as far as HTTP tasks are created and run: a name is not given twice, also not after its task has run, and nothing waits for more than 30 days.
 */
public final class FakeCloudTasks extends FakeProtoService {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int SHORTEST_DEADLINE = 15;
    private static final int LONGEST_DEADLINE = 30 * 60;
    private static final int LARGEST = 1024 * 1024;

    private final InstantSource clock;
    private final Set<String> queues = ConcurrentHashMap.newKeySet();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, Task> waiting = new TreeMap<>();

    /**
     * A service without queues.
     *
     * @param clock by which tasks become due
     */
    public FakeCloudTasks(InstantSource clock) {
        super(CloudTasksProto.getDescriptor().findServiceByName("CloudTasks"));
        this.clock = clock;
    }

    /**
     * Makes a queue.
     *
     * @param queue its name, {@code projects/P/locations/L/queues/Q}
     * @return this
     */
    public FakeCloudTasks create(String queue) {
        queues.add(queue);
        return this;
    }

    /**
     * Takes the tasks that are due.
     *
     * @return the tasks, which do not wait any more
     */
    public synchronized List<Task> due() {
        List<Task> due = new ArrayList<>();
        for (String name : new TreeSet<>(waiting.keySet())) {
            if (!scheduled(waiting.get(name)).isAfter(clock.instant())) {
                due.add(waiting.remove(name));
            }
        }
        return due;
    }

    /**
     * What waits.
     *
     * @return the tasks in the order of their names
     */
    public synchronized List<Task> waiting() {
        return List.copyOf(waiting.values());
    }

    @Override
    Message call(String method, Message message) {
        if (!method.equals("CreateTask")) {
            throw unsupported(method);
        }
        CreateTaskRequest request = typed(message, CreateTaskRequest.parser());
        if (!queues.contains(request.getParent())) {
            throw new Refused(404, "NOT_FOUND", "Queue does not exist.");
        }
        Task task = request.getTask();
        check(request.getParent(), task);
        synchronized (this) {
            if (!names.add(task.getName())) {
                throw new Refused(
                        409,
                        "ALREADY_EXISTS",
                        "The task cannot be created because a task with this name existed too recently.");
            }
            waiting.put(task.getName(), task);
        }
        return task;
    }

    private void check(String queue, Task task) {
        if (!task.getName().matches(Pattern.quote(queue) + "/tasks/[A-Za-z0-9_-]{1,500}")) {
            throw wrong("task.name");
        }
        if (scheduled(task).isAfter(clock.instant().plus(LONGEST))) {
            throw wrong("The scheduled time is too far in the future.");
        }
        if (task.getSerializedSize() > LARGEST) {
            throw wrong("Task size too large");
        }
        if (!task.hasHttpRequest() || !task.getHttpRequest().getUrl().matches("https?://[^ ]+")) {
            throw wrong("httpRequest.url");
        }
        boolean carries = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)
                .contains(task.getHttpRequest().getHttpMethod());
        if (!task.getHttpRequest().getBody().isEmpty() && !carries) {
            throw wrong("HTTP request bodies are allowed for POST, PUT and PATCH alone");
        }
        HttpRequest request = task.getHttpRequest();
        String account = request.hasOidcToken()
                ? request.getOidcToken().getServiceAccountEmail()
                : request.getOauthToken().getServiceAccountEmail();
        if (!account.endsWith(".iam.gserviceaccount.com")) {
            throw wrong("serviceAccountEmail of its token");
        }
        long deadline = task.getDispatchDeadline().getSeconds();
        if (task.hasDispatchDeadline() && (deadline < SHORTEST_DEADLINE || deadline > LONGEST_DEADLINE)) {
            throw wrong("dispatchDeadline is 15 seconds to 30 minutes");
        }
    }

    private static Instant scheduled(Task task) {
        return Instant.ofEpochSecond(
                task.getScheduleTime().getSeconds(), task.getScheduleTime().getNanos());
    }

    private static Refused wrong(String message) {
        return new Refused(400, "INVALID_ARGUMENT", message);
    }
}
