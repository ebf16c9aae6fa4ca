// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Builds on Azure Pipelines. */
@NullMarked
package dev.cumulane.azure.work;

import org.jspecify.annotations.NullMarked;
