// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Deployments on one machine: a process, its health check and a switch on a stable port. */
@NullMarked
package dev.cumulane.local.deliveries;

import org.jspecify.annotations.NullMarked;
