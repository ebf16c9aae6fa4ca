// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Work on Google Cloud: container builds on Cloud Build, function stages on Cloud Run functions. */
@NullMarked
package dev.cumulane.gcp.work;

import org.jspecify.annotations.NullMarked;
