// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The artifact store of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.artifacts;

import org.jspecify.annotations.NullMarked;
