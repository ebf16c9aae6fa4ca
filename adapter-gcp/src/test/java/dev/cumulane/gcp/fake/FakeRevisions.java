// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.UpdateServiceRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** The revisions of one Cloud Run service and how it shares its traffic, changed only for who knows its etag. Guarded by the fake of its function. */
final class FakeRevisions {
    private final Function<String, StatusRuntimeException> wrong;
    private final Map<String, String> words = new LinkedHashMap<>();
    private Service service;
    private int changes;

    FakeRevisions(String name, Function<String, StatusRuntimeException> wrong) {
        this.wrong = wrong;
        service = Service.newBuilder()
                .setName(name)
                .setUri("https://shop-api-k3v9q2m7xw-ew.a.run.app")
                .setEtag("e0")
                .build();
        service = service.toBuilder()
                .setTemplate(
                        service.getTemplate().toBuilder().setServiceAccount("api@test-project.iam.gserviceaccount.com"))
                .build();
        followLatest();
    }

    /** Makes a revision. */
    String add(String word) {
        String revision = String.format(Locale.ROOT, "shop-api-%05d-abc", words.size() + 1);
        words.put(revision, word);
        change(service.toBuilder().setLatestReadyRevision(service.getName() + "/revisions/" + revision));
        return revision;
    }

    void followLatest() {
        change(service.toBuilder()
                .clearTraffic()
                .addTraffic(TrafficTarget.newBuilder()
                        .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
                        .setPercent(100)));
    }

    void touch() {
        change(service.toBuilder());
    }

    private void change(Service.Builder changed) {
        changes++;
        service = changed.setEtag("e" + changes).build();
    }

    Service service() {
        return service;
    }

    Service get(String name) {
        if (!name.equals(service.getName())) {
            throw Code.NOT_FOUND
                    .toStatus()
                    .withDescription("Resource '" + name + "' was not found")
                    .asRuntimeException();
        }
        return service;
    }

    void update(UpdateServiceRequest request) {
        Service wanted = request.getService();
        Service now = get(wanted.getName());
        if (!request.getUpdateMask().getPathsList().equals(List.of("traffic"))) {
            throw wrong.apply("UpdateService: mask " + request.getUpdateMask().getPathsList());
        }
        if (wanted.getEtag().isEmpty()) {
            throw wrong.apply("UpdateService: without an etag anybody's change is lost");
        }
        check(wanted.getTrafficList());
        if (!wanted.getEtag().equals(now.getEtag())) {
            throw Code.ABORTED
                    .toStatus()
                    .withDescription("Conflict for resource: version '" + wanted.getEtag()
                            + "' was specified but current version is '" + now.getEtag() + "'.")
                    .asRuntimeException();
        }
        change(now.toBuilder().clearTraffic().addAllTraffic(wanted.getTrafficList()));
    }

    private void check(List<TrafficTarget> traffic) {
        int sum = 0;
        for (TrafficTarget target : traffic) {
            sum += target.getPercent();
            boolean named = target.getType() == TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION;
            if (named != !target.getRevision().isEmpty() || (named && !words.containsKey(target.getRevision()))) {
                throw wrong.apply("UpdateService: no revision '" + target.getRevision() + "'");
            }
            if (!target.getTag().isEmpty() && !target.getTag().matches("[a-z]([a-z0-9-]{0,44}[a-z0-9])?")) {
                throw wrong.apply("UpdateService: tag '" + target.getTag() + "'");
            }
        }
        if (sum != 100) {
            throw wrong.apply("UpdateService: traffic is shared to " + sum + " percent");
        }
    }

    int starts(String word) {
        return (int) words.values().stream().filter(word::equals).count();
    }

    Optional<String> answer() {
        int at = ThreadLocalRandom.current().nextInt(100);
        for (TrafficTarget target : service.getTrafficList()) {
            at -= target.getPercent();
            if (at < 0) {
                String latest = service.getLatestReadyRevision();
                String revision = target.getRevision().isEmpty()
                        ? latest.substring(latest.lastIndexOf('/') + 1)
                        : target.getRevision();
                return Optional.of(words.getOrDefault(revision, "")).filter(word -> !word.isEmpty());
            }
        }
        return Optional.empty();
    }
}
