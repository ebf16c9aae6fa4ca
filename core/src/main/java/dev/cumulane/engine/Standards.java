// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Signer;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.http.Hosts;
import dev.cumulane.internal.http.SafeCaller;
import dev.cumulane.internal.standards.EventFollower;
import dev.cumulane.internal.standards.Origin;
import dev.cumulane.internal.standards.Past;
import dev.cumulane.internal.standards.ProvenanceFollower;
import dev.cumulane.internal.standards.Telemetry;
import dev.cumulane.internal.standards.TelemetryFollower;
import dev.cumulane.internal.standards.WebEventSink;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an engine tells of its runs in the words of the standards: CloudEvents with CDEvents, OpenTelemetry, SLSA provenance. Immutable; it tells nothing that is not
 * asked for.
 *
 * <p>How far it was told is kept in the journal: whatever dies in between, each event is told at least once and in order, and a repetition has the same id. What cannot be
 * told is tried again and shows in the run; the run does not wait for it.
 */
public final class Standards {
    private final URI source;
    private final List<Function<Surroundings, Follower>> followers;
    private final List<String> keys;

    /** What a follower needs to know of its engine. */
    record Surroundings(Cloud cloud, Past past, Origin origin, List<String> inside) {}

    private Standards(URI source, List<Function<Surroundings, Follower>> followers, List<String> keys) {
        this.source = new Origin(source, Optional.empty()).source();
        this.followers = List.copyOf(followers);
        this.keys = List.copyOf(keys);
    }

    /**
     * Nothing yet, from this place.
     *
     * @param source an absolute URI that stands for this installation, such as {@code https://ci.example.com}: the {@code source} of events, and the builder that
     *     provenance names
     * @return what tells nothing yet
     */
    public static Standards from(URI source) {
        return new Standards(source, List.of(), List.of());
    }

    /**
     * The same, and events go to the cloud's bus; on one machine, that is the file {@code events.jsonl}.
     *
     * @return the same with it
     */
    public Standards events() {
        return and(engine ->
                new EventFollower("cloudevents/bus", engine.cloud().events(), engine.origin(), engine.past()));
    }

    /**
     * The same, and events are posted to a web address: by https to the public internet, unless {@link Engine.Builder#reachingInside} names its origin.
     *
     * @param address where to
     * @return the same with it
     */
    public Standards eventsTo(URI address) {
        return eventsTo(address, cloud -> Optional.empty());
    }

    /**
     * The same, and events are posted to a web address with a signature by the Standard Webhooks specification.
     *
     * @param address where to
     * @param key the reference of the secret to sign with: {@code whsec_} and 24 to 64 bytes in base64
     * @return the same with it
     */
    public Standards eventsTo(URI address, String key) {
        return eventsTo(address, cloud -> Optional.of(read(cloud, key))).reading(key);
    }

    private Standards eventsTo(URI address, Function<Cloud, Optional<byte[]>> key) {
        if (address.getHost() == null) {
            throw new IllegalArgumentException("'" + address
                    + "' is no address to post events to; it is one such as 'https://events.example.com/ci'");
        }
        return and(engine -> new EventFollower(
                "cloudevents/" + address.getHost(),
                new WebEventSink(
                        new SafeCaller(Hosts.of(address.getHost()).andInside(engine.inside())),
                        address,
                        () -> key.apply(engine.cloud()),
                        engine.cloud().clock()),
                engine.origin(),
                engine.past()));
    }

    /**
     * The same, and spans and metrics of each run go to the OpenTelemetry that is registered globally when the engine opens. Without one, nothing is told.
     *
     * @return the same with it
     * @see SpanIds
     */
    public Standards telemetry() {
        return and(engine ->
                new TelemetryFollower(new Telemetry(GlobalOpenTelemetry.getOrNoop(), engine.origin()), engine.past()));
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, without a signature.
     *
     * @return the same with it
     */
    public Standards provenance() {
        return provenance(cloud -> Optional.empty());
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, signed with a private key that is a secret: see {@link Signer#pkcs8}.
     *
     * @param key the reference of the secret, which the signatures name, too
     * @return the same with it
     */
    public Standards provenanceSignedWith(String key) {
        return provenance(cloud -> Optional.of(Signer.pkcs8(key, read(cloud, key))))
                .reading(key);
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, signed by a service that keeps its key for itself.
     *
     * @param signer the service
     * @return the same with it
     */
    public Standards provenanceSignedBy(Signer signer) {
        return provenance(cloud -> Optional.of(signer));
    }

    private Standards provenance(Function<Cloud, Optional<Signer>> signer) {
        return and(engine -> new ProvenanceFollower(
                engine.cloud().artifacts(), () -> signer.apply(engine.cloud()), engine.origin(), engine.past()));
    }

    private Standards and(Function<Surroundings, Follower> follower) {
        List<Function<Surroundings, Follower>> more = new ArrayList<>(followers);
        more.add(follower);
        return new Standards(source, more, keys);
    }

    private Standards reading(String key) {
        List<String> more = new ArrayList<>(keys);
        more.add(key);
        return new Standards(source, followers, more);
    }

    /** References of the secrets that are signed with. */
    List<String> secrets() {
        return keys;
    }

    /** The followers of an engine. */
    List<Follower> followers(Cloud cloud, Past past, Optional<URI> pages, List<String> inside) {
        Surroundings engine = new Surroundings(cloud, past, new Origin(source, pages), inside);
        return followers.stream().map(follower -> follower.apply(engine)).toList();
    }

    private static byte[] read(Cloud cloud, String reference) {
        return cloud.secrets()
                .read(reference)
                .orElseThrow(() -> CloudException.permanent("secrets", "there is no secret '" + reference + "'"));
    }
}
