// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.deliveries.EnvironmentChoice;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the tests of blueprint and installer install. */
final class Samples {
    static final String SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";

    static final AzureNames NAMES = new AzureNames("shop", "shop-ci", () -> SUBSCRIPTION);

    static final Blueprint.Code CODE = new Blueprint.Code("shop.ci.ShopCi", Digest.of("the jar".getBytes(UTF_8)));

    private Samples() {}

    static BicepBlueprint blueprint() {
        return new BicepBlueprint(
                new WorkNames(NAMES),
                Optional.of(new DevOpsProject("shop", "Shop")),
                new TreeMap<>(Map.of(
                        "production",
                        EnvironmentChoice.HERE.containerApp("shop-api").pulling("shop.azurecr.io/shop"))));
    }

    static Blueprint.Demand demand(Plan... plans) {
        return new Blueprint.Demand(List.of(plans), List.of("github-webhook"), List.of("forge-token"), List.of("shop"));
    }
}
