// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** A whole installation on loopback, from the push to the deployment. */
@NullMarked
package dev.cumulane.azure.endtoend;

import org.jspecify.annotations.NullMarked;
