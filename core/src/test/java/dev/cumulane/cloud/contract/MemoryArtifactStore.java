// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A right artifact store whose objects can be damaged. */
public final class MemoryArtifactStore implements ArtifactStore {
    private final Map<Digest, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

    /** What it holds. */
    public List<Digest> objects() {
        return objects.keySet().stream()
                .sorted(Comparator.comparing(Digest::hex))
                .toList();
    }

    /** Puts other bytes in the place of an object. */
    public void damage(Digest digest, byte[] bytes) {
        objects.put(digest, bytes);
    }

    @Override
    public Digest put(Source bytes) {
        try (InputStream in = bytes.open()) {
            byte[] all = in.readAllBytes();
            objects.put(Digest.of(all), all);
            return Digest.of(all);
        } catch (IOException e) {
            throw CloudException.permanent("memory", "could not store an object", e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return Optional.ofNullable(objects.get(digest)).map(ByteArrayInputStream::new);
    }

    @Override
    public boolean has(Digest digest) {
        return objects.containsKey(digest);
    }

    @Override
    public void create(String key, byte[] value) {
        if (value.length > LARGEST_KEY_VALUE) {
            throw new IllegalArgumentException("too large: " + value.length);
        }
        createdBy(key, value);
    }

    /** What a wrong store does. */
    void replace(String key, byte[] value) {
        keys.put(ArtifactStore.checkKey(key), value.clone());
    }

    /** Creates a key of any size, and tells whether it was absent. */
    boolean createdBy(String key, byte[] value) {
        return keys.putIfAbsent(ArtifactStore.checkKey(key), value.clone()) == null;
    }

    @Override
    public Optional<byte[]> read(String key) {
        return Optional.ofNullable(keys.get(ArtifactStore.checkKey(key))).map(byte[]::clone);
    }
}
