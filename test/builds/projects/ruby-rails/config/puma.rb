threads 1, 3
port ENV.fetch("PORT", 3000)
pidfile "tmp/pids/server.pid"
