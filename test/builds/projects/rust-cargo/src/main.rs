use tiny_http::{Response, Server};

/// Rolls dice over HTTP: `/roll` answers a number from 1 to 6.
fn main() {
    let port = std::env::var("PORT").unwrap_or_else(|_| "7000".into());
    let server = Server::http(format!("0.0.0.0:{port}")).expect("the port is free");
    println!("dice on {port}");
    for request in server.incoming_requests() {
        let (status, body) = match request.url() {
            "/health" => (200, "ok".to_string()),
            "/roll" => (200, fastrand::u8(1..=6).to_string()),
            _ => (404, "not found".to_string()),
        };
        let _ = request.respond(Response::from_string(body).with_status_code(status));
    }
}
