package com.esperr.gateway.policy;

import com.esperr.gateway.net.IpAddress;
import com.maxmind.db.CHMCache;
import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The countries of a MaxMind DB file, which is held in memory: the file may be replaced while the gateway runs. Thread-safe;
 * opening blocks, looking up does not.
 *
 * <p>Read are {@code country.iso_code} (GeoLite2, GeoIP2, DB-IP), {@code country_code} and {@code country} if it is a code
 * (IPinfo).
 */
final class CountryDatabase implements Countries {
    private static final int LOOKED_AT = 1_000;

    private final Reader reader;
    private final String identity;

    private CountryDatabase(Reader reader, String identity) {
        this.reader = reader;
        this.identity = identity;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read or knows no countries; the message says which
     */
    static CountryDatabase open(Path file) throws IOException {
        try {
            CountryDatabase database = new CountryDatabase(
                    new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache()), ContentHash.of(file));
            if (!database.hasCountries()) {
                throw new IOException("a database of other things than countries");
            }
            return database;
        } catch (InvalidDatabaseException | InvalidNetworkException | RuntimeException foreign) {
            throw new IOException("not a MaxMind DB file", foreign);
        }
    }

    @Override
    public @Nullable String countryOf(IpAddress address) {
        try {
            return code(reader.get(address.inetAddress(), Map.class));
        } catch (IOException | RuntimeException damaged) {
            // Also an IPv6 address in a database of IPv4 networks.
            return null;
        }
    }

    @Override
    public String identity() {
        return identity;
    }

    @SuppressWarnings("rawtypes")
    private boolean hasCountries() throws InvalidNetworkException, IOException {
        Networks<Map> networks = reader.networks(Map.class);
        for (int i = 0; i < LOOKED_AT && networks.hasNext(); i++) {
            DatabaseRecord<Map> record = networks.next();
            if (code(record.data()) != null) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String code(@Nullable Map<?, ?> found) {
        if (found == null) {
            return null;
        }
        Object country = found.get("country");
        if (country instanceof Map<?, ?> described) {
            country = described.get("iso_code");
        }
        Object code = found.get("country_code") instanceof String given ? given : country;
        return code instanceof String text && text.length() == 2 ? text : null;
    }
}
