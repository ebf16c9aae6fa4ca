// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An environment that a pipeline of Azure DevOps deploys to, perhaps after the approvals and checks of an environment there. The release is put into the artifact store as a zip
 * file, and a run is started that is told where.
 *
 * <p>The pipeline declares the parameters {@code step}, which names the run by {@code name: ${{ parameters.step }}}, {@code release}, the sha-256 of the zip file, and {@code url},
 * where that lies; its service connection may read it there.
 *
 * @param pipeline the pipeline's name
 * @param approves whether an approval that the run waits for is given by us: people have decided here
 * @param address where the environment answers, if it is known
 */
public record PipelineEnvironment(String pipeline, boolean approves, Optional<String> address)
        implements AzureEnvironment {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}");

    /** Refuses names that Azure DevOps does not take. */
    public PipelineEnvironment {
        if (!NAME.matcher(pipeline).matches()) {
            throw new IllegalArgumentException("not the name of a pipeline: '" + pipeline.replaceAll("\\p{Cntrl}", "?")
                    + "'; it is letters, digits, spaces and ._-, such as shop-release");
        }
    }

    /**
     * The same, and an approval that its runs wait for is given by us, as far as the installation's identity is asked: whoever may approve the deployment here decides for there.
     * Without it, people answer it in Azure DevOps, within the stage's time limit.
     *
     * @return the binding
     */
    public PipelineEnvironment approving() {
        return new PipelineEnvironment(pipeline, true, address);
    }

    /**
     * The same, which answers at an address that is known.
     *
     * @param url the address
     * @return the binding
     */
    public PipelineEnvironment at(String url) {
        return new PipelineEnvironment(pipeline, approves, Optional.of(url));
    }
}
