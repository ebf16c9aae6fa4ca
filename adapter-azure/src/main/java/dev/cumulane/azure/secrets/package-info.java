// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The secrets of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.secrets;

import org.jspecify.annotations.NullMarked;
