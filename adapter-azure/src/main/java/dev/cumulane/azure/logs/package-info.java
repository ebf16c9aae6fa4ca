// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The logs of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.logs;

import org.jspecify.annotations.NullMarked;
