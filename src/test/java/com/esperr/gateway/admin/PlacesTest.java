package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places(2);
    private final Channel first = new EmbeddedChannel();
    private final Channel second = new EmbeddedChannel();
    private final Channel third = new EmbeddedChannel();

    @Test
    void whoWasWaitedForLongestMakesRoom() {
        places.take(first);
        places.take(second);
        places.asked(first);
        places.answered(first);
        assertThat(places.take(third)).isTrue();
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isFalse();
    }

    @Test
    void whoIsBeingAnsweredStays() {
        places.take(first);
        places.take(second);
        places.asked(first);
        places.asked(second);
        assertThat(places.take(third)).isFalse();
        assertThat(first.isOpen()).isTrue();
        places.leave(first);
        assertThat(places.take(third)).isTrue();
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void whoHadToGoHasNoPlaceToComeBackTo() {
        places.take(first);
        places.take(second);
        places.take(third);
        places.asked(first);
        places.answered(first);
        places.asked(second);
        places.asked(third);
        assertThat(places.take(new EmbeddedChannel())).isFalse();
    }
}
