// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.deliveries.AzureEnvironment;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Needs;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes an installation as Bicep: where its data lies, its three kinds of functions, and for each an identity of its own, whose rights are derived from the pipelines: exact actions on
 * single resources, in roles of the installation's own. The one role of Azure's is that of a function's host on its own storage account.
 *
 * <p>What runs builds is not in it: Azure DevOps is no resource of a subscription. Names are derived from the subscription's id, so that has to be known.
 */
public final class BicepBlueprint implements Blueprint {
    /** Under which the template says what it was written for. */
    static final String ENTRY = "entry";

    /** Under which it says the digest of the code. */
    static final String CODE = "code";

    private final WorkNames work;
    private final Optional<DevOpsProject> devOps;
    private final SortedMap<String, AzureEnvironment> environments;

    /**
     * The blueprint of an installation.
     *
     * @param work what everything is called
     * @param devOps whose pipelines run builds
     * @param environments what the environments are bound to
     */
    public BicepBlueprint(
            WorkNames work, Optional<DevOpsProject> devOps, SortedMap<String, AzureEnvironment> environments) {
        this.work = work;
        this.devOps = devOps;
        this.environments = new TreeMap<>(environments);
    }

    @Override
    public String template(Demand demand, Code code) {
        return BicepText.of(written(demand, code));
    }

    /** The template, to be written in one form or the other. */
    Template written(Demand demand, Code code) {
        Needs needs = Needs.of(demand.plans());
        require(needs);
        AzureNames names = work.names();
        Template template = new Template();
        template.metadata(ENTRY, code.entry());
        template.metadata(CODE, code.digest().hex());
        DataResources data = new DataResources(template, names);
        Access access = new Access(template, names);
        new FunctionResources(work, demand, code, environments).write(template, access, data, needs);
        new Monitoring(template, names, data.component()).write();
        return template;
    }

    private void require(Needs needs) {
        if (!needs.builds().isEmpty() && devOps.isEmpty()) {
            throw new IllegalArgumentException("pipeline '" + needs.builds().firstKey()
                    + "' has container builds, and cloud azure has no project of Azure DevOps to run them;"
                    + " say it with devOps(organization, project)");
        }
        for (String environment : needs.environments()) {
            if (!environments.containsKey(environment)) {
                throw new IllegalArgumentException("a pipeline deploys to environment '" + environment
                        + "', which cloud azure has no binding for; it has: "
                        + (environments.isEmpty() ? "none" : String.join(", ", environments.keySet())));
            }
        }
    }
}
