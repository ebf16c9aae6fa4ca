// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import dev.cumulane.run.Release;

/**
 * What an environment of this machine is now.
 *
 * @param address where it answers
 * @param release the release that is live
 * @param pid the process of the live release
 * @param running whether the live release and the switch are running
 */
public record EnvironmentStatus(String address, Release release, long pid, boolean running) {}
