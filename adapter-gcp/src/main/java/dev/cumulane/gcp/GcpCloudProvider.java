// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudProvider;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Offers a project of Google Cloud as {@code --cloud gcp}: a project, a region and a namespace, and no environment to deploy to. */
public final class GcpCloudProvider implements CloudProvider {
    private static final String PROJECT = "project";
    private static final String REGION = "region";
    private static final String NAMESPACE = "namespace";

    /** For the service loader. */
    public GcpCloudProvider() {}

    @Override
    public String name() {
        return GcpCloud.NAME;
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(
                PROJECT, "the project's id, such as shop-301412; GOOGLE_CLOUD_PROJECT of the environment if left out");
        settings.put(REGION, "the region, such as europe-west1; GOOGLE_CLOUD_REGION of the environment if left out");
        settings.put(NAMESPACE, "what the resources' names begin with; cumulane if left out");
        return settings;
    }

    @Override
    public Cloud open(SortedMap<String, String> settings) {
        Gcp gcp = Gcp.inProject(required(settings, PROJECT, "GOOGLE_CLOUD_PROJECT", "shop-301412"))
                .region(required(settings, REGION, "GOOGLE_CLOUD_REGION", "europe-west1"));
        Optional.ofNullable(settings.get(NAMESPACE)).ifPresent(gcp::namespace);
        return gcp.connect();
    }

    private static String required(SortedMap<String, String> settings, String name, String variable, String example) {
        return Optional.ofNullable(settings.get(name))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .orElseThrow(() -> new IllegalArgumentException("setting '" + name + "' is missing; say which, such as "
                        + name + "=" + example + ", or set " + variable));
    }
}
