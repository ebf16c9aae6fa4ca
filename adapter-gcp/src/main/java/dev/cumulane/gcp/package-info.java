// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Runs pipelines on Google Cloud. */
@NullMarked
package dev.cumulane.gcp;

import org.jspecify.annotations.NullMarked;
