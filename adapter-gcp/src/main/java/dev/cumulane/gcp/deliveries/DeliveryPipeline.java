// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.deploy.v1.AbandonReleaseRequest;
import com.google.cloud.deploy.v1.AdvanceRolloutRequest;
import com.google.cloud.deploy.v1.ApproveRolloutRequest;
import com.google.cloud.deploy.v1.CancelRolloutRequest;
import com.google.cloud.deploy.v1.CloudDeployClient;
import com.google.cloud.deploy.v1.CreateReleaseRequest;
import com.google.cloud.deploy.v1.CreateRolloutRequest;
import com.google.cloud.deploy.v1.Release;
import com.google.cloud.deploy.v1.Rollout;
import com.google.longrunning.Operation;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GrpcFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The releases of one delivery pipeline of Cloud Deploy, and their rollouts. Who makes one says what it is called, so that making it again changes nothing. */
final class DeliveryPipeline {
    private final Supplier<CloudDeployClient> client;
    private final String name;
    private final GcpService service;

    /**
     * A delivery pipeline.
     *
     * @param client makes the client on first use
     * @param name {@code projects/P/locations/L/deliveryPipelines/D}
     */
    DeliveryPipeline(Supplier<CloudDeployClient> client, String name) {
        this.client = client;
        this.name = name;
        this.service = new GcpService("Cloud Deploy", "delivery pipeline " + name);
    }

    /** Has a release made of an archive, unless there is one of this id. */
    void create(String id, String archive, Map<String, String> note) {
        Release release = Release.newBuilder()
                .setSkaffoldConfigUri(archive)
                .putAllAnnotations(note)
                .build();
        CreateReleaseRequest request = CreateReleaseRequest.newBuilder()
                .setParent(name)
                .setReleaseId(id)
                .setRelease(release)
                .build();
        try {
            Operation unused = client.get().createReleaseCallable().call(request);
        } catch (AlreadyExistsException e) {
            // By an earlier call for the same step.
        } catch (ApiException e) {
            throw service.failure("make release " + id, GrpcFailures.of(e));
        }
    }

    /** Has a release rolled out to a target, unless there is a rollout of this id. */
    void start(String release, String id, String target, Map<String, String> note) {
        Rollout rollout =
                Rollout.newBuilder().setTargetId(target).putAllAnnotations(note).build();
        CreateRolloutRequest request = CreateRolloutRequest.newBuilder()
                .setParent(release(release))
                .setRolloutId(id)
                .setRollout(rollout)
                .build();
        try {
            Operation unused = client.get().createRolloutCallable().call(request);
        } catch (AlreadyExistsException e) {
            // By an earlier call for the same step.
        } catch (ApiException e) {
            throw service.failure("roll out release " + release, GrpcFailures.of(e));
        }
    }

    Optional<Release> read(String release) {
        try {
            return Optional.of(client.get().getRelease(release(release)));
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (ApiException e) {
            throw service.failure("look at release " + release, GrpcFailures.of(e));
        }
    }

    Optional<Rollout> read(String release, String rollout) {
        try {
            return Optional.of(client.get().getRollout(release(release) + "/rollouts/" + rollout));
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (ApiException e) {
            throw service.failure("look at rollout " + rollout, GrpcFailures.of(e));
        }
    }

    /** All rollouts of a release, whoever started them; none if there is no such release. */
    List<Rollout> rollouts(String release) {
        try {
            List<Rollout> all = new ArrayList<>();
            client.get().listRollouts(release(release)).iterateAll().forEach(all::add);
            return all;
        } catch (NotFoundException e) {
            return List.of();
        } catch (ApiException e) {
            throw service.failure("list rollouts of release " + release, GrpcFailures.of(e));
        }
    }

    /** Lets no rollout of a release begin any more. */
    void abandon(String release) {
        AbandonReleaseRequest request =
                AbandonReleaseRequest.newBuilder().setName(release(release)).build();
        try {
            var unused = client.get().abandonRelease(request);
        } catch (NotFoundException | FailedPreconditionException e) {
            // There is nothing to abandon, or not any more.
        } catch (ApiException e) {
            throw service.failure("abandon release " + release, GrpcFailures.of(e));
        }
    }

    void cancel(Rollout rollout) {
        CancelRolloutRequest request =
                CancelRolloutRequest.newBuilder().setName(rollout.getName()).build();
        decide("cancel", rollout, () -> client.get().cancelRollout(request));
    }

    void approve(Rollout rollout) {
        ApproveRolloutRequest request = ApproveRolloutRequest.newBuilder()
                .setName(rollout.getName())
                .setApproved(true)
                .build();
        decide("approve", rollout, () -> client.get().approveRollout(request));
    }

    void advance(Rollout rollout, String phase) {
        AdvanceRolloutRequest request = AdvanceRolloutRequest.newBuilder()
                .setName(rollout.getName())
                .setPhaseId(phase)
                .build();
        decide("advance", rollout, () -> client.get().advanceRollout(request));
    }

    private void decide(String what, Rollout rollout, Supplier<?> call) {
        try {
            var unused = call.get();
        } catch (FailedPreconditionException e) {
            // It is over, or somebody has done so meanwhile.
        } catch (ApiException e) {
            throw service.failure(what + " rollout " + rollout.getName(), GrpcFailures.of(e));
        }
    }

    private String release(String id) {
        return name + "/releases/" + id;
    }
}
