// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Deployments on Google Cloud: to functions, whose Cloud Run service shares the traffic between revisions, and by delivery pipelines of Cloud Deploy. */
@NullMarked
package dev.cumulane.gcp.deliveries;

import org.jspecify.annotations.NullMarked;
