// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Runs pipelines on Azure. */
@NullMarked
package dev.cumulane.azure;

import org.jspecify.annotations.NullMarked;
