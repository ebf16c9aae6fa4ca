// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Deployments of the Azure cloud: to revisions of a container app, or handed over to a pipeline of Azure DevOps. */
@NullMarked
package dev.cumulane.azure.deliveries;

import org.jspecify.annotations.NullMarked;
