// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An artifact store in memory. */
final class SimulatedArtifacts implements ArtifactStore {
    private final World world;
    private final Map<Digest, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

    SimulatedArtifacts(World world) {
        this.world = world;
    }

    @Override
    public Digest put(Source bytes) {
        return world.call("put of", "an object", () -> {
            try (InputStream in = bytes.open()) {
                return putNow(in.readAllBytes());
            } catch (IOException e) {
                throw CloudException.retryable(
                        "simulated artifact store", "could not read the bytes of a new object", e);
            }
        });
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return world.call(
                "read of object",
                digest,
                () -> Optional.ofNullable(objects.get(digest)).map(ByteArrayInputStream::new));
    }

    @Override
    public boolean has(Digest digest) {
        return world.call("look for object", digest, () -> objects.containsKey(digest));
    }

    @Override
    public void create(String key, byte[] value) {
        ArtifactStore.checkNew(key, value);
        world.run("create of", key, () -> createNow(key, value));
    }

    @Override
    public Optional<byte[]> read(String key) {
        ArtifactStore.checkKey(key);
        return world.call("read of", key, () -> readNow(key));
    }

    // Without faults: what the simulated workers use, whose failures are scripted.

    Digest putNow(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        objects.putIfAbsent(digest, bytes.clone());
        return digest;
    }

    boolean hasNow(Digest digest) {
        return objects.containsKey(digest);
    }

    byte[] getNow(Digest digest) {
        byte[] bytes = objects.get(digest);
        if (bytes == null) {
            throw new IllegalStateException("object " + digest + " is not in the store");
        }
        return bytes.clone();
    }

    void createNow(String key, byte[] value) {
        keys.putIfAbsent(key, value.clone());
    }

    Optional<byte[]> readNow(String key) {
        return Optional.ofNullable(keys.get(key)).map(byte[]::clone);
    }

    /** Puts other bytes in an object's place, as a failing disk does. */
    void damage(Digest digest, byte[] bytes) {
        objects.put(digest, bytes.clone());
    }
}
