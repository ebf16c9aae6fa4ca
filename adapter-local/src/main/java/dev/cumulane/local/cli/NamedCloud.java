// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.CloudProvider;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cloud that the command line names, to be opened by an adapter on the class path.
 *
 * @param name the cloud's name, as typed
 * @param settings its settings, as typed
 */
public record NamedCloud(String name, SortedMap<String, String> settings) {
    /** Takes a copy of the settings. */
    public NamedCloud {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /**
     * Opens it.
     *
     * @return the cloud, which the caller closes
     * @throws UsageException if there is no such cloud, or it has no such setting; the message names those there are
     * @throws IllegalArgumentException if a setting's value is not usable
     * @throws CloudException if the cloud cannot be used
     */
    public Cloud open() {
        List<CloudProvider> all = CloudProvider.all();
        CloudProvider provider = all.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no cloud " + Text.shown(name) + " on the class path; there are: "
                        + listed(all.stream().map(CloudProvider::name).toList())));
        SortedMap<String, String> known = provider.settings();
        for (String setting : settings.keySet()) {
            if (!known.containsKey(setting)) {
                throw new UsageException("cloud '" + name + "' has no setting " + Text.shown(setting) + "; it has: "
                        + listed(known.entrySet().stream()
                                .map(one -> one.getKey() + " (" + one.getValue() + ")")
                                .toList()));
            }
        }
        return provider.open(settings);
    }

    private static String listed(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
