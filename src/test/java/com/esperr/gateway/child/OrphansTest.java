package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OrphansTest {
    @Test
    void theJdkHasWhatWaitsForAnyProcess() throws ReflectiveOperationException {
        Method method =
                Class.forName("java.lang.ProcessHandleImpl").getDeclaredMethod("completion", long.class, boolean.class);
        assertThat(method.getReturnType()).isEqualTo(CompletableFuture.class);
    }
}
