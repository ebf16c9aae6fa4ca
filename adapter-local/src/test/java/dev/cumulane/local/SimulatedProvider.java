// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.CloudProvider;
import dev.cumulane.testing.SimulatedCloud;
import java.util.SortedMap;
import java.util.TreeMap;

/** A provider as another adapter has one: of the simulated cloud, which has to be told a region. */
public final class SimulatedProvider implements CloudProvider {
    /** For the service loader. */
    public SimulatedProvider() {}

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("namespace", "where its names begin; cumulane if left out");
        settings.put("region", "where it is; necessary");
        return settings;
    }

    @Override
    public Cloud open(SortedMap<String, String> settings) {
        return switch (settings.getOrDefault("region", "")) {
            case "here" -> SimulatedCloud.of(ShopProgram.pipeline());
            case "down" -> throw CloudException.permanent("simulated", "region down does not answer");
            default -> throw new IllegalArgumentException("setting 'region' is one of here, down");
        };
    }
}
