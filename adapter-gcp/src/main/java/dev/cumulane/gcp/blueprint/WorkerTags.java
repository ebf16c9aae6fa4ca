// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import com.google.api.gax.rpc.AbortedException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Pace;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GrpcFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The tags by which runs call the revision of a worker whose code they began with. Terraform knows the latest revision alone, so the installer puts them there; those of earlier code are read
 * before the function changes and put back after it, as far as a service may have so many.
 */
final class WorkerTags {
    /** Of how much earlier code a worker's revisions stay callable. */
    static final int KEPT = 20;

    private static final String NAME = "Cloud Run";

    private final Supplier<ServicesClient> client;
    private final Pace pace;

    WorkerTags(Supplier<ServicesClient> client, Pace pace) {
        this.client = client;
        this.pace = pace;
    }

    /** The tags of a worker, the latest first; none if it is not there yet. */
    List<TrafficTarget> of(String service) {
        try {
            return client.get().getService(service).getTrafficList().stream()
                    .filter(target -> !target.getTag().isEmpty())
                    .toList();
        } catch (NotFoundException e) {
            return List.of();
        } catch (ApiException e) {
            throw failure(service, "look at its tags", e);
        }
    }

    /**
     * Gives the latest revision a tag, beside earlier ones.
     *
     * @param service the worker's service
     * @param tag the tag of the code
     * @param earlier what {@link #of} found before the worker had this code
     * @return whether anything had to be changed
     */
    boolean put(String service, String tag, List<TrafficTarget> earlier) {
        boolean changed = false;
        for (Pace.Waiting waiting = pace.begin(NAME, "service " + service); ; waiting.pause()) {
            Service now = waiting.patiently(() -> settled(service));
            List<TrafficTarget> wanted = wanted(now, tag, earlier);
            if (tagged(now.getTrafficList())
                    .entrySet()
                    .containsAll(tagged(wanted).entrySet())) {
                return changed;
            }
            changed = true;
            update(now.toBuilder().clearTraffic().addAllTraffic(wanted).build());
        }
    }

    private static SortedMap<String, String> tagged(List<TrafficTarget> targets) {
        SortedMap<String, String> tagged = new TreeMap<>();
        targets.stream()
                .filter(target -> !target.getTag().isEmpty())
                .forEach(target -> tagged.put(target.getTag(), target.getRevision()));
        return tagged;
    }

    private Service settled(String service) {
        try {
            Service now = client.get().getService(service);
            if (now.getReconciling()) {
                throw CloudException.retryable(NAME, "service " + service + " is being changed");
            }
            return now;
        } catch (ApiException e) {
            throw failure(service, "look at its traffic", e);
        }
    }

    private static List<TrafficTarget> wanted(Service now, String tag, List<TrafficTarget> earlier) {
        List<TrafficTarget> wanted = new ArrayList<>();
        wanted.add(TrafficTarget.newBuilder()
                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
                .setPercent(100)
                .build());
        String latest = now.getLatestReadyRevision();
        String revision = latest.substring(latest.lastIndexOf('/') + 1);
        wanted.add(TrafficTarget.newBuilder()
                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                .setRevision(revision)
                .setTag(tag)
                .build());
        Predicate<TrafficTarget> another = target -> !target.getTag().equals(tag);
        earlier.stream().filter(another).limit(KEPT).forEach(wanted::add);
        return wanted;
    }

    private void update(Service wanted) {
        UpdateServiceRequest request = UpdateServiceRequest.newBuilder()
                .setService(wanted)
                .setUpdateMask(FieldMask.newBuilder().addPaths("traffic"))
                .build();
        try {
            Operation unused = client.get().updateServiceCallable().call(request);
        } catch (AbortedException | FailedPreconditionException e) {
            // Somebody else has changed it; the next look begins with that.
        } catch (ApiException e) {
            throw failure(wanted.getName(), "tag its revision", e);
        }
    }

    private static CloudException failure(String service, String attempted, ApiException e) {
        return new GcpService(NAME, "service " + service).failure(attempted, GrpcFailures.of(e));
    }
}
