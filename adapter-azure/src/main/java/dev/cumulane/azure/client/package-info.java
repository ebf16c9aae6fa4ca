// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The clients of the Azure services: made on first use, with bounded retries and timeouts, and their failures in our words. */
@NullMarked
package dev.cumulane.azure.client;

import org.jspecify.annotations.NullMarked;
