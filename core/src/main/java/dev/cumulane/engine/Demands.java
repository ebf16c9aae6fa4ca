// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Repository;
import java.util.ArrayList;
import java.util.List;

/** What an engine needs of its cloud. */
final class Demands {
    private Demands() {}

    /** What these need, and who follows their runs. */
    static Blueprint.Demand of(List<Pipeline> pipelines, List<Repository> repositories, Following following) {
        List<Plan> plans = new ArrayList<>();
        pipelines.forEach(pipeline -> add(pipeline, plans));
        List<String> ingress = new ArrayList<>(following.secretsOfWhoAsks());
        List<String> engine = new ArrayList<>(following.secretsOfWhoIsTold());
        for (Repository repository : repositories) {
            ingress.addAll(repository.secrets());
            repository.credential().map(Credential::reference).ifPresent(engine::add);
        }
        return new Blueprint.Demand(
                plans,
                ingress,
                engine,
                repositories.stream().map(Repository::name).toList());
    }

    private static void add(Pipeline pipeline, List<Plan> plans) {
        plans.add(pipeline.plan());
        pipeline.children().values().forEach(child -> add(child, plans));
    }
}
