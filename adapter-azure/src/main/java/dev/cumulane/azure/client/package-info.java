// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What the ports of the Azure cloud have in common: clients, names, and how failures are told. */
@NullMarked
package dev.cumulane.azure.client;

import org.jspecify.annotations.NullMarked;
