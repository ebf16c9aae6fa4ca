// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** What a stage can be given in its environment and only the pipeline that it belongs to can say. */
sealed interface Used permits AddressHandle, ValueHandle, ParameterHandle {}
