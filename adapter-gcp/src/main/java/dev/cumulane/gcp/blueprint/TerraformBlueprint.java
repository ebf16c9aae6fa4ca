// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Needs;
import dev.cumulane.gcp.deliveries.GcpEnvironment;
import dev.cumulane.gcp.work.WorkNames;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes an installation as a Terraform configuration in JSON: where its data lies, its three kinds of functions, and for each of them and for each kind of build a service account of its
 * own, whose bindings are derived from the pipelines.
 *
 * <p>Roles hold exact permissions and are bound to single resources. To the whole project stand bound: reading and writing log entries, builds and the upload of code, for which their
 * services know no smaller place, and {@code roles/cloudbuild.builds.builder}, which Cloud Functions wants for building a function. The journal's database stays when the configuration is
 * taken away, and so does a bucket that holds anything.
 */
public final class TerraformBlueprint implements Blueprint {
    private final WorkNames work;
    private final SortedMap<String, GcpEnvironment> environments;

    /**
     * The blueprint of an installation.
     *
     * @param work what everything is called
     * @param environments what the environments are bound to
     */
    public TerraformBlueprint(WorkNames work, SortedMap<String, GcpEnvironment> environments) {
        this.work = work;
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    }

    @Override
    public String template(Demand demand, Code code) {
        Installation installation = new Installation(
                work, environments, code, demand.ingressSecrets(), demand.engineSecrets(), Needs.of(demand.plans()));
        Template template =
                new Template(code, work.names().project(), work.names().region());
        DataResources data = new DataResources(template, work.names());
        data.write(installation.secrets());
        new FunctionResources(template, new Access(template, work.names()), installation).write(data);
        new Monitoring(template, installation).write();
        return template.text();
    }
}
