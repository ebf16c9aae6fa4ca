// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.Build.Status;
import com.google.cloudbuild.v1.BuildOperationMetadata;
import com.google.cloudbuild.v1.CancelBuildRequest;
import com.google.cloudbuild.v1.CloudBuildGrpc.CloudBuildImplBase;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.GetBuildRequest;
import com.google.cloudbuild.v1.ListBuildsRequest;
import com.google.cloudbuild.v1.ListBuildsResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Cloud Build as far as the adapter uses it, in one region. Builds really run: {@code /bin/sh} with the step's script, in an empty directory and a session of its own.
 *
 * <p>What the documentation says and the definition does not is in {@link BuildRules}. The latest builds are listed first. Status changes are told as the topic {@code cloud-builds}
 * would, as long as nothing says otherwise.
 */
public final class FakeCloudBuild extends FakeGrpc {
    private final String location;
    private final Path directory;
    private final InstantSource clock;
    private final Consumer<String> events;
    private final Set<String> accounts = new TreeSet<>();
    private final Map<String, String> secrets = new TreeMap<>();
    private final Map<String, FakeBuild> builds = new LinkedHashMap<>();
    private final List<String> held = new ArrayList<>();
    private int copies = 1;
    private boolean holding;

    /**
     * Starts the service.
     *
     * @param location {@code projects/P/locations/L}
     * @param directory where builds work
     * @param clock the time
     * @param events takes the data of each message, on a thread of the fake
     */
    public FakeCloudBuild(String location, Path directory, InstantSource clock, Consumer<String> events) {
        super(com.google.cloudbuild.v1.Cloudbuild.getDescriptor());
        this.location = location;
        this.directory = directory;
        this.clock = clock;
        this.events = events;
    }

    @Override
    protected List<BindableService> services() {
        return List.of(new Calls());
    }

    /**
     * Makes a service account that builds may have.
     *
     * @param resource {@code projects/P/serviceAccounts/ADDRESS}
     */
    public synchronized void account(String resource) {
        accounts.add(resource);
    }

    /**
     * Makes a secret known that builds may be bound to.
     *
     * @param version {@code projects/P/secrets/S/versions/V}
     * @param value the value
     */
    public synchronized void secret(String version, String value) {
        secrets.put(version, value);
    }

    /**
     * Tells each status as many times.
     *
     * @param times 0 loses them, 2 doubles them
     */
    public synchronized void tellEvents(int times) {
        copies = times;
    }

    /** Keeps messages back. */
    public synchronized void holdEvents() {
        holding = true;
    }

    /** Delivers what was kept back, in the wrong order. */
    public void releaseEvents() {
        List<String> late;
        synchronized (this) {
            holding = false;
            late = new ArrayList<>(held);
            held.clear();
        }
        Collections.reverse(late);
        late.forEach(events);
    }

    /**
     * The builds that were made.
     *
     * @return their ids, the first one first
     */
    public synchronized List<String> builds() {
        return List.copyOf(builds.keySet());
    }

    /**
     * A build.
     *
     * @param id its id
     * @return the build as it is
     */
    public synchronized Build build(String id) {
        return known(id).build();
    }

    /**
     * Where a build's output is.
     *
     * @param id its id
     * @return the file
     */
    public synchronized Path log(String id) {
        return known(id).log();
    }

    /**
     * Ends a build.
     *
     * @param id its id
     * @param how as what
     */
    public void end(String id, Status how) {
        FakeBuild build;
        synchronized (this) {
            build = known(id);
        }
        over(build, how);
    }

    private FakeBuild known(String id) {
        return Optional.ofNullable(builds.get(id))
                .orElseThrow(() -> refusal(Code.NOT_FOUND, "Requested entity was not found."));
    }

    private Build create(CreateBuildRequest request) {
        BuildRules.violation(request).ifPresent(violation -> {
            throw wrong(violation);
        });
        FakeBuild build;
        Optional<Process> process;
        synchronized (this) {
            inLocation(request.getParent());
            if (!accounts.contains(request.getBuild().getServiceAccount())) {
                throw refusal(
                        Code.PERMISSION_DENIED,
                        "caller does not have permission to act as service account "
                                + request.getBuild().getServiceAccount());
            }
            String id = UUID.randomUUID().toString();
            Build queued = request.getBuild().toBuilder()
                    .setId(id)
                    .setName(location + "/builds/" + id)
                    .setProjectId(request.getProjectId())
                    .setStatus(Status.QUEUED)
                    .setCreateTime(
                            Timestamp.newBuilder().setSeconds(clock.instant().getEpochSecond()))
                    .build();
            build = new FakeBuild(queued, directory.resolve(id));
            builds.put(id, build);
            process = build.begin(secrets);
        }
        tell(build);
        process.ifPresentOrElse(
                started -> started.onExit()
                        .thenAccept(ended -> over(build, ended.exitValue() == 0 ? Status.SUCCESS : Status.FAILURE)),
                () -> over(build, Status.FAILURE));
        return build.build();
    }

    private void inLocation(String parent) {
        if (!parent.equals(location)) {
            throw refusal(Code.NOT_FOUND, "nothing is at " + parent);
        }
    }

    private void over(FakeBuild build, Status how) {
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
            event = json(build.build());
            times = holding ? 0 : copies;
            if (holding) {
                held.add(event);
            }
        }
        for (int i = 0; i < times; i++) {
            events.accept(event);
        }
    }

    private static String json(Build build) {
        try {
            return JsonFormat.printer().print(build);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized ListBuildsResponse list(ListBuildsRequest request) {
        inLocation(request.getParent());
        List<String> wanted = new ArrayList<>();
        for (String term : request.getFilter().split(" AND ", -1)) {
            if (!term.matches("tags *= *\"[^\"]+\"")) {
                throw wrong("ListBuilds: filter " + request.getFilter());
            }
            wanted.add(term.replaceAll(".*\"(.*)\"", "$1"));
        }
        List<Build> found = new ArrayList<>(builds.values().stream()
                .map(FakeBuild::build)
                .filter(build -> build.getTagsList().containsAll(wanted))
                .toList());
        Collections.reverse(found);
        return ListBuildsResponse.newBuilder()
                .addAllBuilds(found.subList(0, Math.min(found.size(), request.getPageSize())))
                .build();
    }

    private Build cancel(CancelBuildRequest request) {
        FakeBuild build;
        synchronized (this) {
            build = known(id(request.getName(), request.getId()));
            if (build.isOver()) {
                throw refusal(Code.FAILED_PRECONDITION, "cannot cancel a build that is over");
            }
        }
        over(build, Status.CANCELLED);
        return build(build.build().getId());
    }

    private String id(String name, String id) {
        List<String> parts = Arrays.asList(name.split("/", -1));
        if (!parts.get(parts.size() - 1).equals(id)) {
            throw wrong("name and id are of two builds: " + name + ", " + id);
        }
        inLocation(String.join("/", parts.subList(0, 4)));
        return id;
    }

    /** Ends all builds, and the service. */
    @Override
    public void close() {
        List<FakeBuild> all;
        synchronized (this) {
            all = List.copyOf(builds.values());
        }
        all.forEach(build -> over(build, Status.INTERNAL_ERROR));
        super.close();
    }

    private final class Calls extends CloudBuildImplBase {
        @Override
        public void createBuild(CreateBuildRequest request, StreamObserver<Operation> answer) {
            Build build = create(request);
            BuildOperationMetadata metadata =
                    BuildOperationMetadata.newBuilder().setBuild(build).build();
            answer(
                    answer,
                    Operation.newBuilder()
                            .setName("operations/build/" + build.getProjectId() + "/" + build.getId())
                            .setMetadata(Any.pack(metadata))
                            .build());
        }

        @Override
        public void getBuild(GetBuildRequest request, StreamObserver<Build> answer) {
            answer(answer, build(id(request.getName(), request.getId())));
        }

        @Override
        public void listBuilds(ListBuildsRequest request, StreamObserver<ListBuildsResponse> answer) {
            answer(answer, list(request));
        }

        @Override
        public void cancelBuild(CancelBuildRequest request, StreamObserver<Build> answer) {
            answer(answer, cancel(request));
        }
    }
}
