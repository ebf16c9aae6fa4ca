// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives the host's Java worker one instance of an entry class for a whole process, so that cloud and engine are made once; the worker would make one for each invocation. Other
 * classes with functions get what they would get without this. The worker finds it as a service, and calls it on many threads.
 */
public final class OneInstance implements FunctionInstanceInjector {
    private final Map<Class<?>, AzureFunctions> made = new HashMap<>();

    /** For the service loader. */
    public OneInstance() {}

    @Override
    public <T> T getInstance(Class<T> functionClass) throws ReflectiveOperationException {
        if (!AzureFunctions.class.isAssignableFrom(functionClass)) {
            return make(functionClass);
        }
        synchronized (made) {
            if (!made.containsKey(functionClass)) {
                made.put(functionClass, make(functionClass.asSubclass(AzureFunctions.class)));
            }
            return functionClass.cast(made.get(functionClass));
        }
    }

    private static <T> T make(Class<T> functionClass) throws ReflectiveOperationException {
        return functionClass.getDeclaredConstructor().newInstance();
    }
}
