// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import com.google.cloudbuild.v1.BuildOptions.MachineType;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How builds are run on Cloud Build. A private pool has machines of its own kind, so the machine is asked for without one only.
 *
 * @param names what service accounts are called
 * @param machineType the size of the machine, such as {@code E2_MEDIUM}
 * @param pool a private pool to build in, {@code projects/P/locations/L/workerPools/W}
 */
public record BuildSettings(WorkNames names, String machineType, Optional<String> pool) {
    /** The smallest machine: 1 processor and 4 GB. */
    public static final String SMALL = "E2_MEDIUM";

    private static final Pattern POOL =
            Pattern.compile("projects/[a-z0-9-]+/locations/[a-z0-9-]+/workerPools/[a-zA-Z0-9_-]+");

    /** Refuses a machine that Cloud Build has not, and what is no pool's name. */
    public BuildSettings {
        if (Arrays.stream(MachineType.values()).map(MachineType::name).noneMatch(machineType::equals)
                || machineType.equals(MachineType.UNRECOGNIZED.name())) {
            throw new IllegalArgumentException("Cloud Build has no machine '" + machineType + "'; it has "
                    + Arrays.stream(MachineType.values())
                            .filter(type -> type != MachineType.UNRECOGNIZED)
                            .toList());
        }
        if (pool.isPresent() && !POOL.matcher(pool.get()).matches()) {
            throw new IllegalArgumentException(
                    "a private pool is named projects/P/locations/L/workerPools/W, not '" + pool.get() + "'");
        }
    }

    MachineType machine() {
        return pool.isPresent() ? MachineType.UNSPECIFIED : MachineType.valueOf(machineType);
    }
}
