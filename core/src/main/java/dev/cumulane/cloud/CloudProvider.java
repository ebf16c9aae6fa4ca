// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;

/**
 * An adapter's offer to open its cloud by name, for a command line that was told {@code --cloud NAME}.
 *
 * <p>Found by {@link ServiceLoader}: a public class with a public constructor without arguments, named in {@code META-INF/services/dev.cumulane.cloud.CloudProvider}.
 * Used on the thread of the command, seldom; {@link #name} and {@link #settings} do no I/O.
 */
public interface CloudProvider {
    /**
     * What to call the cloud, as {@link Cloud#name} does.
     *
     * @return a name such as {@code local}
     */
    String name();

    /**
     * The settings that {@link #open} understands.
     *
     * @return for each name one line for people that says what it is, and what holds if it is left out
     */
    SortedMap<String, String> settings();

    /**
     * Opens the cloud.
     *
     * @param settings values of some of the settings; no others
     * @return the cloud, which the caller closes
     * @throws IllegalArgumentException if a value is not usable or a necessary one is missing; the message names the setting
     * @throws CloudException if the cloud cannot be used
     */
    Cloud open(SortedMap<String, String> settings);

    /**
     * All providers on the class path.
     *
     * @return the providers, sorted by name
     * @throws IllegalStateException if one cannot be loaded, or two have the same name; the message names them
     */
    static List<CloudProvider> all() {
        List<CloudProvider> all = new ArrayList<>();
        try {
            ServiceLoader.load(CloudProvider.class).forEach(all::add);
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(
                    "a provider of clouds on the class path cannot be loaded: " + e.getMessage(), e);
        }
        all.sort(Comparator.comparing(CloudProvider::name));
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).name().equals(all.get(i - 1).name())) {
                throw new IllegalStateException("two providers on the class path are called '"
                        + all.get(i).name() + "': "
                        + all.get(i - 1).getClass().getName() + " and "
                        + all.get(i).getClass().getName());
            }
        }
        return List.copyOf(all);
    }
}
