// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The journal of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.journal;

import org.jspecify.annotations.NullMarked;
