// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.google.api.gax.rpc.AbortedException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GrpcFailures;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How a Cloud Run service shares its traffic, changed only for who knows its latest etag. A revision with the tag {@value #ORIGIN} is the one that was live before the first deployment.
 */
final class RunTraffic {
    /** The tag of what was there before anything was deployed by us. */
    static final String ORIGIN = "origin";

    private final Supplier<ServicesClient> client;
    private final String name;
    private final GcpService service;

    RunTraffic(Supplier<ServicesClient> client, String name) {
        this.client = client;
        this.name = name;
        this.service = new GcpService("Cloud Run", "service " + name);
    }

    /**
     * The traffic as it is.
     *
     * @param service the service as it was read
     */
    record Found(Service service) {
        String etag() {
            return service.getEtag();
        }

        String address() {
            return service.getUri();
        }

        Optional<String> origin() {
            return service.getTrafficList().stream()
                    .filter(target -> target.getTag().equals(ORIGIN))
                    .map(TrafficTarget::getRevision)
                    .findFirst();
        }

        private boolean followsLatest() {
            return service.getTrafficList().isEmpty()
                    || service.getTrafficList().stream()
                            .anyMatch(target -> target.getType()
                                    == TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST);
        }

        /** Percent by revision. */
        private SortedMap<String, Integer> shares() {
            SortedMap<String, Integer> shares = new TreeMap<>();
            service.getTrafficList().stream()
                    .filter(target -> target.getPercent() > 0)
                    .forEach(target -> shares.merge(target.getRevision(), target.getPercent(), Integer::sum));
            return shares;
        }

        boolean leads(Map<String, Integer> wanted) {
            return !followsLatest() && shares().equals(wanted);
        }
    }

    Found read() {
        try {
            Service found = client.get().getService(name);
            if (found.getReconciling()) {
                throw CloudException.retryable(
                        "Cloud Run", "service " + name + " is being changed", new IllegalStateException());
            }
            return new Found(found);
        } catch (ApiException e) {
            throw service.failure("look at the traffic", GrpcFailures.of(e));
        }
    }

    /** Keeps the traffic where it is, whatever revision comes next: it would follow the latest one otherwise. */
    void pin() {
        Found now = read();
        if (now.followsLatest()) {
            String latest = now.service().getLatestReadyRevision();
            String live = latest.substring(latest.lastIndexOf('/') + 1);
            Service.Builder wanted = now.service().toBuilder().clearTraffic();
            wanted.addTraffic(target(live, 100)).addTraffic(target(live, 0).setTag(ORIGIN));
            update(wanted.build());
        }
    }

    /**
     * Shares the traffic, unless it was changed since it was read. Tags stay where they are.
     *
     * @param before what was read
     * @param wanted percent by revision
     * @throws ChangedMeanwhileException if somebody else has changed it, or this very call whose answer was lost
     */
    void change(Found before, Map<String, Integer> wanted) {
        Service.Builder changed = before.service().toBuilder().clearTraffic();
        new TreeMap<>(wanted).forEach((revision, percent) -> changed.addTraffic(target(revision, percent)));
        before.service().getTrafficList().stream()
                .filter(target -> !target.getTag().isEmpty())
                .forEach(target -> changed.addTraffic(target.toBuilder().setPercent(0)));
        update(changed.build());
    }

    private static TrafficTarget.Builder target(String revision, int percent) {
        return TrafficTarget.newBuilder()
                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                .setRevision(revision)
                .setPercent(percent);
    }

    private void update(Service wanted) {
        UpdateServiceRequest request = UpdateServiceRequest.newBuilder()
                .setService(wanted)
                .setUpdateMask(FieldMask.newBuilder().addPaths("traffic"))
                .build();
        try {
            Operation unused = client.get().updateServiceCallable().call(request);
        } catch (AbortedException | FailedPreconditionException e) {
            throw new ChangedMeanwhileException("the traffic of service " + name);
        } catch (ApiException e) {
            throw service.failure("share the traffic", GrpcFailures.of(e));
        }
    }
}
