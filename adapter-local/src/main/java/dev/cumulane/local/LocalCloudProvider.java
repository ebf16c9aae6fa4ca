// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Offers the local cloud as {@code --cloud local}: a state directory, and no environment to deploy to. */
public final class LocalCloudProvider implements CloudProvider {
    private static final String STATE = "state";

    /** For the service loader. */
    public LocalCloudProvider() {}

    @Override
    public String name() {
        return LocalCloud.NAME;
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(STATE, "the state directory; .cumulane if left out");
        return settings;
    }

    @Override
    public Cloud open(SortedMap<String, String> settings) {
        String state = settings.getOrDefault(STATE, ".cumulane");
        try {
            if (!state.isBlank()) {
                return LocalCloud.at(Path.of(state));
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("setting 'state' names no directory: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("setting 'state' is empty; name a directory");
    }
}
